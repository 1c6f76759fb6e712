import { BackfillFailedError } from '../../../functions/backfill/walk-all.ts';
import { ApiKeyRefusedError } from '../../../shared/walks/failures.ts';
import { MINUTE_MS } from '../../support/worker-driver.ts';
import { busy, refused, timedOut } from '../../support/scale-errors.ts';
import {
  aBackfill,
  pagesOf,
  PROJECT,
  QUARTER_HOUR_MS,
  queuedIds,
  withListTasks,
} from './a-backfill.ts';

const sources = [{ project: 'Street scenes' }, { project: 'Kitchens' }, { batch: 'night' }];

describe.each([401, 403])('when Scale answers %d', (status) => {
  const refusal = refused(status, 'Invalid API Key');

  it('the run fails and names the secret to fill', async () => {
    const { run, scale } = aBackfill();
    scale.failure = refusal;
    await expect(run()).rejects.toThrow(ApiKeyRefusedError);
    await expect(run()).rejects.toThrow('the-api-key-secret');
  });

  it('no other source is tried', async () => {
    const { run, scale } = aBackfill({ sources });
    scale.failure = refusal;
    await expect(run()).rejects.toThrow(ApiKeyRefusedError);
    expect(scale.requests).toHaveLength(1);
  });

  it('to the list of projects, the same', async () => {
    const { run, scale } = aBackfill({ sources: [{ allProjects: true }] });
    scale.failure = refusal;
    await expect(run()).rejects.toThrow('the-api-key-secret');
  });

  it('to a later page the resume point stays, and the token is used again', async () => {
    const backfill = aBackfill();
    backfill.scale.pages.set('completed', pagesOf(['a'], ['b']));
    let isRevoked = true;
    withListTasks(backfill, (_, nextToken) => {
      if (isRevoked && nextToken !== undefined) throw refusal;
    });
    await expect(backfill.run()).rejects.toThrow(ApiKeyRefusedError);
    isRevoked = false;
    expect(await backfill.run()).toMatchObject({ outcome: 'finished' });
    expect(queuedIds(backfill)).toEqual(['a', 'b']);
  });
});

it('without a key nothing is asked, and the run says so', async () => {
  const { run, scale, isWalked } = aBackfill({ readApiKey: async () => undefined });
  expect(await run()).toEqual({ outcome: 'no key', pages: 0, tasks: 0 });
  expect(scale.requests).toEqual([]);
  expect(isWalked(PROJECT, 'completed')).toBe(false);
});

it('a key that is filled in later is used by the next run', async () => {
  const keys: string[] = [];
  const used: string[] = [];
  const { run, scale } = aBackfill({
    readApiKey: async () => keys[0],
    createApi: (apiKey) => {
      used.push(apiKey);
      return scale;
    },
  });
  await run();
  keys.push('live_key');
  expect(await run()).toMatchObject({ outcome: 'finished' });
  expect(used).toEqual(['live_key']);
});

describe('a walk that fails', () => {
  it.each([
    ['Scale is down for it', busy()],
    ['the project does not exist', refused(404)],
    ['Scale refuses its filter', refused(400, 'bad filter')],
  ])('does not stop the others, and fails the run at its end: %s', async (_, error) => {
    const backfill = aBackfill({ sources });
    backfill.scale.pages.set('completed', pagesOf(['a']));
    backfill.scale.pages.set('pending', pagesOf(['b']));
    withListTasks(backfill, ({ project_name, status }) => {
      if (project_name === 'Street scenes' && status !== 'deleted') throw error;
    });
    const failure = (await backfill.run().catch((one: unknown) => one)) as Error;
    expect(failure).toBeInstanceOf(BackfillFailedError);
    expect(failure.message).toContain(`${PROJECT} (completed)`);
    expect(failure.message).toContain(`${PROJECT} (pending)`);
    expect(failure.message).not.toContain('Kitchens');
    expect(backfill.metrics.total('BackfillPartFailed')).toBe(4);
    expect(queuedIds(backfill)).toEqual(['a', 'a', 'b', 'b']);
    for (const source of ['project:Kitchens', 'batch:night']) {
      expect(backfill.isWalked(source, 'completed')).toBe(true);
      expect(backfill.isWalked(source, 'pending')).toBe(true);
    }
    expect(backfill.isWalked(PROJECT, 'completed')).toBe(false);
  });

  it('takes all the time of a run once: the next run begins with the others', async () => {
    const backfill = aBackfill({ sources });
    const asked: (string | undefined)[] = [];
    withListTasks(backfill, ({ project_name }) => {
      asked.push(project_name);
      backfill.clock.advance(6 * MINUTE_MS);
      if (project_name === 'Street scenes') {
        throw timedOut();
      }
    });
    const outOfTimeAt = backfill.clock.now() + QUARTER_HOUR_MS;
    const remainingMs = () => outOfTimeAt - backfill.clock.now();
    await backfill.run(remainingMs);
    expect(asked).toEqual(['Street scenes', 'Street scenes', 'Street scenes']);
    await backfill.run(() => QUARTER_HOUR_MS).catch(() => undefined);
    expect(asked[3]).not.toBe('Street scenes');
  });

  it('goes on at its page once Scale is up again', async () => {
    const backfill = aBackfill();
    backfill.scale.pages.set('completed', pagesOf(['a'], ['b']));
    let isDown = true;
    withListTasks(backfill, (_, nextToken) => {
      if (isDown && nextToken !== undefined) throw busy();
    });
    await expect(backfill.run()).rejects.toThrow(BackfillFailedError);
    isDown = false;
    expect(await backfill.run()).toMatchObject({ outcome: 'finished' });
    expect(queuedIds(backfill)).toEqual(['a', 'b']);
  });
});

it('a walk that failed is told although the time was over before the last walk', async () => {
  const backfill = aBackfill({ sources: [{ project: 'Street scenes' }, { project: 'Kitchens' }] });
  let remainingMs = QUARTER_HOUR_MS;
  withListTasks(backfill, ({ project_name }) => {
    if (project_name === 'Street scenes') throw refused(400, 'no such project');
    remainingMs = 0;
  });
  backfill.scale.pages.set('completed', pagesOf(['a'], ['b']));
  await expect(backfill.run(() => remainingMs)).rejects.toThrow('Scale answered 400');
  expect(queuedIds(backfill)).toEqual(['a']);
});

it('says of a failure what is ours to say, and nothing that Scale or AWS quote', async () => {
  const secret = 'jo@labels.example';
  for (const [error, words] of [
    [refused(400, secret), 'Scale answered 400 to'],
    [new TypeError(secret), ': TypeError'],
    [busy(), 'Scale could not answer'],
  ] as const) {
    const backfill = aBackfill();
    backfill.scale.failure = error;
    const failure = (await backfill.run().catch((one: unknown) => one)) as Error;
    expect(failure.message).toContain(words);
    expect(failure.message + backfill.log.lines.join()).not.toContain(secret);
  }
});
