import { systemClock, systemSleep } from '../../shared/platform/clock.ts';
import type { Environment } from '../../shared/platform/env.ts';
import { createRequestLimit } from '../../shared/scale/request-limit.ts';
import { createScaleApi, type ScaleApi } from '../../shared/scale/scale-api.ts';
import { CommandFailure } from '../failure.ts';
import type { Voice } from '../output.ts';
import type { ScaleAccess } from '../target.ts';
import { tracingFetch } from './trace.ts';

const SCALE_URL = 'https://api.scale.com';

/** Somebody sits and waits: a batch or a task is a small answer. */
const TIMEOUT_MS = 30_000;

export interface ScaleClientSettings {
  readonly url: string;
  readonly key: string;
  readonly voice: Voice;
}

/** Scale's API, for one command. */
export function createScaleClient({ url, key, voice }: ScaleClientSettings): ScaleApi {
  return createScaleApi({
    baseUrl: url,
    apiKey: () => Promise.resolve(key),
    fetch: voice.trace === undefined ? fetch : tracingFetch(voice.trace, Date.now),
    limit: createRequestLimit({ inFlight: 2, perSecond: 10 }),
    clock: systemClock,
    sleep: (ms) => {
      voice.tell(`Scale is busy and asks to wait ${String(Math.ceil(ms / 1_000))} s. Waiting ...`);
      return systemSleep(ms);
    },
    timeoutMs: TIMEOUT_MS,
    retries: 3,
    firstRetryMs: 500,
    mayRetry: () => true,
  });
}

/** Scale by a key that was just given. */
export function accessBy(key: string, scaleUrl: string, voice: Voice): ScaleAccess {
  const keyAdvice = 'give a key of your Scale account; nothing has been changed';
  return { api: createScaleClient({ url: scaleUrl, key, voice }), scaleUrl, keyAdvice };
}

/** `SCALE_API_URL`, else Scale's own address. */
export function scaleUrlOf(env: Environment): string {
  const url = env['SCALE_API_URL'];
  if (url === undefined || url === '') return SCALE_URL;
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw new CommandFailure('usage', `SCALE_API_URL must be an http or https URL, not "${url}"`);
  }
  return url.replace(/\/+$/, '');
}

/** A key as a header can carry it; white space around it comes from pasting. Never part of a message. */
export function usableKey(key: string | undefined, from: string): string | undefined {
  const trimmed = key?.trim() ?? '';
  if (trimmed === '') return undefined;
  if (!/^[\x21-\x7e]+$/.test(trimmed)) {
    const message = `the API key from ${from} holds characters that no key has`;
    throw new CommandFailure('no-key', message, { hint: 'was it pasted whole, and nothing else?' });
  }
  return trimmed;
}
