import { NOON } from '../../support/fake-clock.ts';
import { READ_MS } from '../../support/fake-scale.ts';
import { inMemoryMirrorState } from '../../support/in-memory-mirror-state.ts';
import { aBackfill, pagesOf, PROJECT, queuedIds } from './a-backfill.ts';

const down = (): Error => new Error('down');

it('every page of every status is read, and every task of it queued', async () => {
  const backfill = aBackfill();
  backfill.scale.pages.set('completed', pagesOf(['a', 'b'], ['c'], ['d', 'e']));
  backfill.scale.pages.set('pending', pagesOf(['f'], ['g']));
  expect(await backfill.run()).toEqual({ outcome: 'finished', pages: 8, tasks: 7 });
  expect(queuedIds(backfill)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  expect(backfill.metrics.total('BackfillPages')).toBe(8);
  expect(backfill.metrics.total('BackfillTasks')).toBe(7);
});

it('every page is asked for with all filters', async () => {
  const { run, scale } = aBackfill();
  scale.pages.set('completed', pagesOf(['a'], ['b'], ['c']));
  scale.pages.set('pending', pagesOf(['d'], ['e']));
  await run();
  const completed = {
    project_name: 'Street scenes',
    status: 'completed',
    completed_before: new Date(NOON + 1_000).toISOString(),
    limit: 99,
  };
  const pending = { project_name: 'Street scenes', status: 'pending', limit: 99 };
  const firstPageOf = (status: string) => ({
    filters: { ...pending, status },
    nextToken: undefined,
  });
  expect(JSON.parse(JSON.stringify(scale.requests))).toEqual([
    { filters: completed },
    { filters: completed, nextToken: '1' },
    { filters: completed, nextToken: '2' },
    firstPageOf('pending'),
    { filters: pending, nextToken: '1' },
    ...['error', 'canceled', 'deleted'].map(firstPageOf),
  ]);
});

it('a source without tasks is walked to its end', async () => {
  const { run, taskQueue, isWalked } = aBackfill();
  expect(await run()).toEqual({ outcome: 'finished', pages: 5, tasks: 0 });
  expect(taskQueue.messages).toEqual([]);
  expect(isWalked(PROJECT, 'completed')).toBe(true);
});

it('a task is queued with its very text, and with the times of its own page', async () => {
  const { run, scale, taskQueue } = aBackfill();
  const odd = '{ "task_id":"a", "2":1,"1":2, "n": 12345678901234567890123, "e":"\\u00e9 😀" }';
  scale.pages.set('completed', [['{}'], [odd]]);
  await run();
  expect(taskQueue.messages[1]).toMatchObject({
    body: odd,
    attributes: {
      source: 'backfill',
      api: 'v2',
      requestedAt: new Date(NOON + READ_MS).toISOString(),
      respondedAt: new Date(NOON + 2 * READ_MS).toISOString(),
    },
  });
});

it('a task that SQS cannot carry goes by the inbox, with all that its message says', async () => {
  const { run, scale, taskQueue, bodies } = aBackfill();
  const big = JSON.stringify({ task_id: 'big', text: 'x'.repeat(1_100_000) });
  scale.pages.set('completed', [['{"task_id":"a"}', big, '{"task_id":"b\\ufffe"}', '"\ufffe"']]);
  expect(await run()).toMatchObject({ tasks: 4 });
  expect(taskQueue.messages).toHaveLength(4);
  const [, pointer] = taskQueue.messages;
  expect(pointer?.attributes).toMatchObject({ source: 'backfill', bodyIn: 'inbox' });
  const kept = await bodies.get(pointer?.body ?? '');
  expect(Buffer.from(kept?.bytes ?? []).toString()).toBe(big);
  expect(kept?.metadata).toEqual({
    source: 'backfill',
    api: 'v2',
    requestedat: new Date(NOON).toISOString(),
    respondedat: new Date(NOON + READ_MS).toISOString(),
  });
  expect(bodies.keys()).toHaveLength(2);
});

describe('the resume point moves only once the whole page is durable', () => {
  it('while the queue fails it stays, and the next run repeats the page', async () => {
    const backfill = aBackfill();
    backfill.scale.pages.set('completed', pagesOf(['a'], ['b', 'c'], ['d']));
    const working = { ...backfill.taskQueue };
    let batches = 0;
    backfill.taskQueue.sendAll = async (messages) => {
      batches += 1;
      if (batches === 2) throw down();
      return working.sendAll(messages);
    };
    await expect(backfill.run()).rejects.toThrow(`${PROJECT} (completed)`);
    expect(backfill.slice(PROJECT, 'completed')).toMatchObject({
      nextToken: '1',
      pages: 1,
      tasks: 1,
    });
    expect(await backfill.run()).toMatchObject({ outcome: 'finished' });
    expect(queuedIds(backfill)).toEqual(['a', 'b', 'c', 'd']);
    expect(backfill.asked().filter((page) => page.includes('completed'))).toEqual([
      'Street scenes, completed, first page',
      'Street scenes, completed, 1',
      // Asked for while the page before it was being queued.
      'Street scenes, completed, 2',
      'Street scenes, completed, 1',
      'Street scenes, completed, 2',
      // What has come since.
      'Street scenes, completed, first page',
    ]);
  });

  it('while the bucket fails for an oversize task it stays', async () => {
    const { run, scale, bodies, slice } = aBackfill();
    scale.pages.set('completed', [['{"task_id":"a"}'], [`"${'x'.repeat(1_100_000)}"`]]);
    bodies.put = () => Promise.reject(down());
    await expect(run()).rejects.toThrow('backfill failed');
    expect(slice(PROJECT, 'completed')).toMatchObject({ pages: 1 });
  });

  it('if it cannot be stored, the next run repeats the page', async () => {
    const mirrorState = inMemoryMirrorState();
    let writes = 0;
    const backfill = aBackfill({
      mirrorState: {
        ...mirrorState,
        putSlice: async (source, slice) => {
          writes += 1;
          if (writes === 2) throw down();
          return mirrorState.putSlice(source, slice);
        },
      },
    });
    backfill.scale.pages.set('completed', pagesOf(['a'], ['b'], ['c']));
    await expect(backfill.run()).rejects.toThrow('backfill failed');
    await backfill.run();
    expect(queuedIds(backfill)).toEqual(['a', 'b', 'b', 'c']);
  });

  it('at each write of it all tasks so far are on the queue', async () => {
    const mirrorState = inMemoryMirrorState();
    const seen: [number, number][] = [];
    const backfill = aBackfill({
      mirrorState: {
        ...mirrorState,
        putSlice: async (source, slice) => {
          seen.push([slice.tasks, backfill.taskQueue.messages.length]);
          return mirrorState.putSlice(source, slice);
        },
        putCoverage: async (source, status, coverage) => {
          if (status === 'completed') seen.push([6, backfill.taskQueue.messages.length]);
          return mirrorState.putCoverage(source, status, coverage);
        },
      },
    });
    backfill.scale.pages.set('completed', pagesOf(['a', 'b'], ['c'], ['d', 'e', 'f']));
    await backfill.run();
    expect(seen).toEqual([
      [2, 2],
      [3, 3],
      [6, 6],
    ]);
  });
});
