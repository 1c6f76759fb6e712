import type { Case } from './case.ts';
import { encodings } from './encodings.ts';
import { type Mirror, startMirror } from './stored-bytes.ts';
import { taskIds } from './task-ids.ts';
import { texts } from './texts.ts';

jest.setTimeout(60_000);

const cases: readonly Case[] = [...taskIds, ...texts, ...encodings];
const byName = cases.map((one) => [one.name, one] as const);
const AT_ONCE = 20;

let mirror: Mirror;
const answers = new Map<Case, [number, unknown]>();

/** All are posted before the first is looked for, so that each shares its batch with others. */
beforeAll(async () => {
  mirror = await startMirror();
  const waiting = cases.values();
  const postWaiting = async (): Promise<void> => {
    for (const one of waiting) answers.set(one, await mirror.answerTo(one.body, one.headers));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, postWaiting));
});
afterAll(() => mirror.end());

it.each(byName)('%s is accepted and found again, to the byte', async (_, one) => {
  expect(answers.get(one)).toEqual([200, { accepted: true }]);
  const { outcome } = one;
  if (outcome.kind === 'kept') {
    const metadata = await mirror.unrecognised(one.body);
    expect(metadata).toMatchObject({ source: 'callback', reason: outcome.reason });
    return;
  }
  const { taskId, text, envelope, status = 'completed', head = {} } = outcome;
  const found = await mirror.storedTask(taskId);
  // Not by toBe(): a difference would print a megabyte.
  expect([found.text.length, found.text === text]).toEqual([text.length, true]);
  expect([found.envelope?.length, found.envelope === envelope]).toEqual([envelope?.length, true]);
  expect(found.head['status']).toEqual({ S: status });
  const attributes = Object.keys(head).map((name) => [name, found.head[name]?.S]);
  expect(Object.fromEntries(attributes)).toEqual(head);
});

it('nothing else is kept, nothing failed, and nothing is left on the way', async () => {
  await mirror.expectNothingLeft();
  const keptCases = cases.filter(({ outcome }) => outcome.kind === 'kept');
  expect(await mirror.countUnrecognised()).toBe(keptCases.length);
});
