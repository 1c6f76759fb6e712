import { aCallback, aV1Task } from '../../support/builders.ts';
import { aMirror, MINUTE_MS, type Mirror } from '../../support/worker-driver.ts';

const reviewed = (result: string, at: string, answer: string): Record<string, unknown> =>
  aV1Task({
    response: { category: answer },
    customer_review_status: result,
    customer_audited_at: `2026-11-21T${at}:00.000Z`,
  });

const updated = (at: string, answer: string): Record<string, unknown> =>
  aV1Task({ response: { category: answer }, updated_at: `2026-11-21T${at}:00.000Z` });

const undated = (answer: string): Record<string, unknown> =>
  aV1Task({ response: { category: answer }, customer_review_status: 'fixed' });

/** A mirror without an API key that has seen some callbacks, a minute apart. */
async function afterCallbacks(...callbacks: string[]): Promise<Mirror> {
  const mirror = aMirror({ world: null });
  for (const callback of callbacks) {
    expect(await mirror.see(callback)).toEqual([]);
    mirror.clock.advance(MINUTE_MS);
  }
  expect(mirror.scale.reads).toBe(0);
  return mirror;
}

async function expectCurrent(mirror: Mirror, task: object): Promise<void> {
  expect((await mirror.current()).text).toBe(JSON.stringify(task));
}

it.each([
  ['updated_at', updated('11:10', 'car'), updated('11:20', 'lorry')],
  ['the audit time', reviewed('rejected', '11:10', 'car'), reviewed('fixed', '11:20', 'lorry')],
])('the later one by %s wins, and is marked unconfirmed', async (_, earlier, later) => {
  const inOrder = await afterCallbacks(aCallback(earlier), aCallback(later));
  await expectCurrent(inOrder, later);
  expect(inOrder.head()).toMatchObject({ revision: 2, confirmed: false });

  const reordered = await afterCallbacks(aCallback(later), aCallback(earlier));
  await expectCurrent(reordered, later);
  expect(reordered.head().revision).toBe(1);
});

it('audit times that stand beside the task order as well as those within', async () => {
  const beside = (task: Record<string, unknown>, at: string): string =>
    aCallback(task, {
      customer_review_status: 'fixed',
      audits: [{ audited_at: `2026-11-21T${at}:00.000Z` }],
    });
  const first = aV1Task({ response: { category: 'lorry' } });
  const second = aV1Task({ response: { category: 'bus' } });
  const reordered = await afterCallbacks(beside(second, '11:40'), beside(first, '11:30'));
  await expectCurrent(reordered, second);
});

it('a document that was never seen is taken for news, and marked unconfirmed', async () => {
  const mirror = await afterCallbacks(aCallback(undated('car')), aCallback(undated('lorry')));
  await expectCurrent(mirror, undated('lorry'));
  expect(mirror.head()).toMatchObject({ revision: 2, confirmed: false });
});

it('a document that is in the history is taken for a repetition', async () => {
  const mirror = await afterCallbacks(aCallback(undated('car')), aCallback(undated('lorry')));
  const before = mirror.head();
  await mirror.see(aCallback(undated('car')));
  await expectCurrent(mirror, undated('lorry'));
  expect(mirror.head().revision).toBe(before.revision);
  expect(mirror.metrics.total('ObservationStale')).toBe(1);
});

it('equal times do not order: the new document is applied', async () => {
  const mirror = await afterCallbacks(
    aCallback(updated('11:10', 'car')),
    aCallback(updated('11:10', 'lorry')),
  );
  await expectCurrent(mirror, updated('11:10', 'lorry'));
});

it('one that carries no time is judged by whether it was seen, whatever the other carries', async () => {
  const mirror = await afterCallbacks(
    aCallback(updated('11:10', 'car')),
    aCallback(undated('lorry')),
  );
  await expectCurrent(mirror, undated('lorry'));
});

it('a recall is believed', async () => {
  const recalled = aV1Task({ status: 'pending', completed_at: undefined, response: undefined });
  const mirror = await afterCallbacks(aCallback(), aCallback(recalled));
  expect(mirror.head()).toMatchObject({ confirmed: false, facts: { status: 'pending' } });
});

it('what time alone can order needs no doubt', async () => {
  const mirror = await afterCallbacks(aCallback());
  const at = new Date(mirror.clock.now() + 10 * MINUTE_MS).toISOString();
  mirror.clock.advance(11 * MINUTE_MS);
  await mirror.see(aCallback(aV1Task({ completed_at: at })));
  expect(mirror.head()).toMatchObject({ revision: 2, confirmed: true });
});

it('a callback whose first try wrote its document and then failed is applied by the next', async () => {
  const mirror = await afterCallbacks(aCallback(undated('car')));
  mirror.taskTable.beforePutHead = () => Promise.reject(new Error('throttled'));
  const failed = await mirror.see(aCallback(undated('lorry')));
  expect(failed).toHaveLength(1);
  mirror.taskTable.beforePutHead = async () => undefined;
  expect(await mirror.deliver(...failed)).toEqual([]);
  await expectCurrent(mirror, undated('lorry'));
});
