import { aV1Task } from '../../support/builders.ts';
import { aBackfillMessage, MINUTE_MS } from '../../support/worker-driver.ts';
import { aReconcile } from './a-reconcile.ts';

/** A mirror that knows three tasks from v1's lists; of one Scale has lost all trace, one was edited. */
async function anAccount() {
  const one = aReconcile({ listApi: 'v1' });
  const requestedAt = one.clock.now();
  const task = (task_id: string, members: object = {}) => aV1Task({ task_id, ...members });
  const known = ['same', 'edited', 'gone'].map((id) => task(id));
  await one.mirror.deliver(
    ...known.map((each) => aBackfillMessage(each, { requestedAt, api: 'v1' })),
  );
  one.clock.advance(60 * MINUTE_MS);
  const atScale = [task('same'), task('edited', { metadata: { city: 'Paris' } }), task('lost')];
  for (const each of atScale) one.scale.set('v1', each);
  one.scale.v1Pages = new Map([['completed', [atScale.map((each) => JSON.stringify(each))]]]);
  return one;
}

describe('a reconcile by the lists of v1', () => {
  it('finds what is missing, differing and gone, and asks v2 for nothing', async () => {
    const one = await anAccount();
    expect(await one.run()).toMatchObject({ missing: 1, differing: 1, gone: 1, open: 0 });
    expect(one.scale.requests).toEqual([]);
    await one.mirror.drain();
    expect([one.status('lost'), one.status('gone')]).toEqual(['completed', 'deleted']);
    expect((await one.mirror.current('edited')).text).toContain('Paris');
    one.clock.advance(60 * MINUTE_MS);
    expect(await one.run()).toMatchObject({ missing: 0, differing: 0, gone: 0, open: 0 });
  });
});
