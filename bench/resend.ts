import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

import * as v from 'valibot';

import { sendAll } from '../cli/resend/send-all.ts';
import { listen } from '../local/listen.ts';
import { createSimulatorServer } from '../local/simulator/simulator-server.ts';
import { createSimulator } from '../local/simulator/simulator.ts';
import { systemClock, systemSleep } from '../shared/platform/clock.ts';
import { createRequestLimit } from '../shared/scale/request-limit.ts';
import { createScaleApi } from '../shared/scale/scale-api.ts';
import type { BenchResult } from './result.ts';

const TASKS = 1_000;
const KEY = 'test_bench';

/** Faster than the command may be, so that the bench does not take minutes. */
const PER_SECOND = 50;

const callback = v.object({ task_id: v.string() });

/** 1,000 callbacks sent again by a Scale that refuses every seventh call, some with Retry-After: none may be lost. */
export async function benchResend(): Promise<BenchResult> {
  const arrived = new Map<string, number>();
  const receiver = await listen(
    createServer((request, response) => {
      void json(request).then((body) => {
        const { task_id } = v.parse(callback, body);
        arrived.set(task_id, (arrived.get(task_id) ?? 0) + 1);
        response.end('{}');
      });
    }),
    0,
    'none',
  );
  const simulator = createSimulator({
    callbackUrl: receiver.url,
    scenario: {
      answers: [
        { kind: 'status', status: 429, retryAfter: { seconds: 1 }, every: 21 },
        { kind: 'status', status: 429, every: 7 },
      ],
    },
  });
  simulator.tasks.createMany({ count: TASKS, project: 'Bench' });
  const scale = await listen(createSimulatorServer(simulator, KEY), 0, 'none');
  let calls = 0;
  const api = createScaleApi({
    baseUrl: scale.url,
    apiKey: () => Promise.resolve(KEY),
    fetch: (...call) => {
      calls += 1;
      return fetch(...call);
    },
    limit: createRequestLimit({ inFlight: 2, perSecond: PER_SECOND }),
    clock: systemClock,
    sleep: systemSleep,
    timeoutMs: 30_000,
    retries: 3,
    firstRetryMs: 500,
    mayRetry: () => true,
  });

  const startedAt = performance.now();
  const { tasks } = await sendAll(
    {
      api,
      taskTable: undefined,
      clock: systemClock,
      sleep: systemSleep,
      tell: (line) => process.stderr.write(`${line}\n`),
      interrupted: new AbortController().signal,
    },
    [...simulator.world.tasks.keys()].map((taskId) => ({ taskId })),
    { perSecond: PER_SECOND, isFollowed: false },
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  await systemSleep(1_000);
  simulator.close();
  await scale.close();
  await receiver.close();

  const sent = tasks.filter(({ outcome }) => outcome === 'sent').length;
  if (sent !== TASKS || arrived.size !== TASKS) {
    throw new Error(`${String(sent)} of ${String(TASKS)} sent, ${String(arrived.size)} arrived`);
  }
  return {
    name: 'resend',
    ratios: {},
    figures: {
      sent,
      arrived: arrived.size,
      twice: [...arrived.values()].filter((times) => times > 1).length,
      refused: calls - sent,
      seconds: Math.round(seconds),
    },
  };
}
