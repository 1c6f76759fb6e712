import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Answer, refusal } from './answer.ts';
import type { AnswerRule, Scenario } from './scenario.ts';

const HTML =
  '<!DOCTYPE html><html><head><title>Scale</title></head><body>Be right back</body></html>';

/** Writes an answer, or what a rule of the scenario makes of it. `undefined`: nothing was done. */
export async function respond(
  response: ServerResponse,
  answer: Answer | undefined,
  rule: AnswerRule | undefined,
  scenario: Scenario,
): Promise<void> {
  if (answer?.pageLimit !== undefined) await sleep(scenario.pageLatencyMs);
  const whole = answer && withinLimits(answer, scenario);
  if (whole === 'hang') return;
  if (rule !== undefined) await misbehave(response, whole, rule);
  else if (whole !== undefined) send(response, whole);
}

async function misbehave(
  response: ServerResponse,
  whole: Answer | undefined,
  rule: AnswerRule,
): Promise<void> {
  switch (rule.kind) {
    case 'status':
      setRetryAfter(response, rule.retryAfter);
      send(response, refusal(rule.status, reasonOf(rule.status)));
      return;
    case 'performThenFail':
      send(response, refusal(rule.status, reasonOf(rule.status)));
      return;
    case 'html':
      response.writeHead(rule.status, { 'content-type': 'text/html; charset=utf-8' }).end(HTML);
      return;
    case 'reset':
      response.destroy();
      return;
    case 'truncate':
      sendHalf(response, whole ?? refusal(500, ''), rule.cut);
      return;
    case 'slow':
      await sleep(rule.ms);
      if (whole !== undefined) send(response, whole);
  }
}

/** A page that the scenario holds for too large fails, or is never answered. */
function withinLimits(answer: Answer, scenario: Scenario): Answer | 'hang' {
  const { failAboveLimit = Infinity, failAboveBytes = Infinity, failAboveBy } = scenario;
  if (answer.pageLimit === undefined) return answer;
  const isTooLarge =
    answer.pageLimit > failAboveLimit ||
    (failAboveBytes < Infinity && Buffer.byteLength(textOf(answer)) > failAboveBytes);
  if (!isTooLarge) return answer;
  return failAboveBy === 'hang' ? 'hang' : refusal(504, reasonOf(504));
}

function textOf({ body }: Answer): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { 'content-type': typeOf(answer) }).end(textOf(answer));
}

function typeOf({ body }: Answer): string {
  return typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
}

function sendHalf(response: ServerResponse, answer: Answer, cut: 'text' | 'connection'): void {
  const bytes = Buffer.from(textOf(answer));
  const half = bytes.subarray(0, bytes.length >>> 1);
  const length = cut === 'text' ? half.length : bytes.length;
  response.writeHead(answer.status, {
    'content-type': typeOf(answer),
    'content-length': String(length),
  });
  if (cut === 'text') response.end(half);
  else response.write(half, () => response.destroy());
}

type RetryAfter = Extract<AnswerRule, { kind: 'status' }>['retryAfter'];

/** In seconds or as a date (RFC 9110, 10.2.3); the date goes by the answer's own `Date`. */
function setRetryAfter(response: ServerResponse, retryAfter: RetryAfter): void {
  if (retryAfter === undefined) return;
  if ('seconds' in retryAfter) {
    response.setHeader('retry-after', String(retryAfter.seconds));
    return;
  }
  const now = Date.parse(String(response.getHeader('date')));
  const date = new Date(now + retryAfter.dateInSeconds * 1_000);
  response.setHeader('retry-after', date.toUTCString());
}

function reasonOf(status: number): string {
  return status === 429 ? 'Too many requests' : `The simulator was told to answer ${status}`;
}
