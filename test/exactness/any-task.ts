import fc from 'fast-check';

import { enqueue } from '../../shared/walks/enqueue.ts';
import type { Bodies } from '../../shared/documents/bodies.ts';
import type { TaskQueue } from '../../shared/queue/task-queue.ts';
import { createScaleApi } from '../../shared/scale/scale-api.ts';
import { objectText } from '../shared/documents/arbitrary-json.ts';
import { fakeClock } from '../support/fake-clock.ts';

export interface AnyTask {
  readonly taskId: string;
  readonly text: string;
}

let lastId = 0;

/** An id that no other task of this run has. */
function nextTaskId(): string {
  lastId += 1;
  return `exact-${String(lastId)}`;
}

const DEEP = 20_000;

/** Characters that JSON takes as they are, and that something on the way may not. */
const odd = fc.constantFrom(
  '',
  '\ufffe',
  '\uffff',
  '\u007f',
  '\u0085',
  '\ufeff',
  '\u{10ffff}',
  'ﬀ',
);

const deep = fc.oneof(
  { weight: 30, arbitrary: fc.constant('0') },
  { weight: 1, arbitrary: fc.constant('['.repeat(DEEP) + ']'.repeat(DEEP)) },
  { weight: 1, arbitrary: fc.constant('{"":'.repeat(DEEP) + '-0.0e-0' + '}'.repeat(DEEP)) },
);

const digits = fc.constantFrom('1E400', '-0', '1.10', '9007199254740993', '12345678901234567890.5');

/** Any task as Scale could write it: its id and status stand last, since the last of equal names counts. */
export const anyTask: fc.Arbitrary<AnyTask> = fc
  .tuple(objectText, objectText, odd, deep, digits)
  .map(([first, second, text, nested, number]) => {
    const taskId = nextTaskId();
    const members = [
      ...[first, second].map((one) => one.text.slice(1, -1)).filter((one) => one.trim() !== ''),
      `"status" : ${number}`,
      `"${text}":"${text}"`,
      `"10":${nested},"9":${number},"10":${number}`,
      `"task\\u005fid"\t:"${taskId}"\r\n`,
      '"status":"compl\\u0065ted" ',
    ];
    return { taskId, text: `{${members.join(',')}}` };
  });

export interface Way {
  readonly taskQueue: TaskQueue;
  readonly bodies: Bodies;
}

/** Brings tasks as one page of Scale's v2 API, as backfill reads and queues it. */
export async function comeByPage({ taskQueue, bodies }: Way, page: string): Promise<void> {
  const clock = fakeClock();
  const api = createScaleApi({
    baseUrl: 'http://scale',
    apiKey: async () => 'live_key',
    fetch: async () => new Response(page),
    limit: (ask) => ask(),
    clock,
    sleep: clock.sleep,
    timeoutMs: 10_000,
    retries: 0,
    firstRetryMs: 0,
    mayRetry: () => false,
  });
  await enqueue(
    { taskQueue, bodies, clock },
    'v2',
    await api.listTasks({ status: 'completed', limit: 99 }),
  );
}
