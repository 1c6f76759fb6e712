import { sendAll } from '../../../cli/resend/send-all.ts';
import { systemClock } from '../../../shared/platform/clock.ts';
import { ScaleOutcomeUnknownError, ScaleUnavailableError } from '../../../shared/scale/errors.ts';
import { createRequestLimit } from '../../../shared/scale/request-limit.ts';
import { createScaleApi } from '../../../shared/scale/scale-api.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { API_KEY, runSimulator } from '../../support/running-simulator.ts';

const busy = (retryAfterMs?: number) =>
  new ScaleUnavailableError('POST', {
    trouble: 'busy',
    what: 'status 429',
    status: 429,
    retryAfterMs,
  });

/** Sends callbacks of `count` tasks; `fates` is what becomes of each call, in order. */
function aSending(count: number, fates: (Error | undefined)[] = []) {
  const clock = fakeClock();
  const asked: string[] = [];
  const slept: number[] = [];
  const picked = Array.from({ length: count }, (_, at) => ({ taskId: String(at) }));
  const dependencies = {
    api: {
      sendCallback: async (taskId: string) => {
        asked.push(taskId);
        const fate = fates.shift();
        if (fate) throw fate;
      },
      getTask: async () => undefined,
    },
    taskTable: undefined,
    clock,
    sleep: async (ms: number) => void slept.push(ms),
    tell: () => undefined,
    interrupted: new AbortController().signal,
  };
  const send = () => sendAll(dependencies, picked, { perSecond: 500, isFollowed: false });
  return { asked, slept, send };
}

it('goes no faster than it may', async () => {
  const { asked, send } = aSending(20);
  const startedAt = performance.now();
  await send();
  expect(asked).toHaveLength(20);
  expect(performance.now() - startedAt).toBeGreaterThan(19 * 2 - 5);
});

it('waits as long as Scale asks, even for minutes, and goes on', async () => {
  const { slept, send } = aSending(1, [busy(120_000), busy()]);
  expect((await send()).tasks).toEqual([{ taskId: '0', outcome: 'sent' }]);
  expect(slept).toEqual([120_000, 4_000]);
});

it('asks again for what is in doubt', async () => {
  const unknown = new ScaleOutcomeUnknownError('POST', 'status 502');
  const { asked, send } = aSending(1, [unknown]);
  expect([(await send()).tasks[0]?.outcome, asked]).toEqual(['sent', ['0', '0']]);
});

it('calls it in doubt where no clear answer ever comes', async () => {
  const unknown = new ScaleOutcomeUnknownError('POST', 'status 502');
  const { send } = aSending(1, [unknown, ...Array.from({ length: 4 }, () => busy())]);
  expect((await send()).tasks[0]?.outcome).toBe('in doubt');
});

it('stops where Scale is down, and says which were not tried', async () => {
  const { send } = aSending(
    10,
    Array.from({ length: 50 }, () => busy()),
  );
  const { tasks, stoppedBy } = await send();
  expect(stoppedBy).toBeInstanceOf(Error);
  expect(tasks.filter(({ outcome }) => outcome === 'not sent').length).toBeLessThan(6);
  expect(tasks.at(-1)?.outcome).toBe('not tried');
});

it('loses none of 60 to a Scale that refuses every third call', async () => {
  const running = await runSimulator({ callbackUrl: 'nobody@example.com' });
  const { simulator, url } = running;
  simulator.tasks.createMany({ count: 60, project: 'Cars' });
  const ids = [...simulator.world.tasks.keys()];
  simulator.setScenario({ answers: [{ kind: 'status', status: 429, every: 3 }] });
  const api = createScaleApi({
    baseUrl: url,
    apiKey: async () => API_KEY,
    fetch,
    limit: createRequestLimit({ inFlight: 2, perSecond: 1_000 }),
    clock: systemClock,
    sleep: async () => undefined,
    timeoutMs: 5_000,
    retries: 3,
    firstRetryMs: 1,
    mayRetry: () => true,
  });
  const { tasks } = await sendAll(
    {
      api,
      taskTable: undefined,
      clock: systemClock,
      sleep: async () => undefined,
      tell: () => undefined,
      interrupted: new AbortController().signal,
    },
    ids.map((taskId) => ({ taskId })),
    { perSecond: 1_000, isFollowed: false },
  );
  await running.close();
  expect(tasks.map(({ outcome }) => outcome)).toEqual(Array(60).fill('sent'));
  const resent = simulator.outbox.deliveries.filter(({ kind }) => kind === 're-sent');
  expect(new Set(resent.map(({ taskId }) => taskId)).size).toBe(60);
});
