import type { DeadLetters, ReceivedLetter } from '../../../shared/queue/dead-letters.ts';
import type { WireMessage } from '../../../shared/queue/task-message.ts';

export interface DeadLettersUnderTest {
  readonly deadLetters: DeadLetters;
  readonly add: (message: WireMessage) => Promise<unknown>;
}

const message = (body: string): WireMessage => ({ body, attributes: { source: 'callback' } });

/** What every `DeadLetters` promises. Its clock is the real one. */
export function deadLettersContract(create: () => Promise<DeadLettersUnderTest>): void {
  let under: DeadLettersUnderTest;

  beforeEach(async () => {
    under = await create();
  });

  const bodies = (letters: readonly ReceivedLetter[]) =>
    letters.map((letter) => letter.message.body).sort();
  const all = async (): Promise<ReceivedLetter[]> => {
    const found: ReceivedLetter[] = [];
    for (;;) {
      const some = await under.deadLetters.receive(60);
      if (some.length === 0) return found;
      found.push(...some);
    }
  };

  test('a letter is the message that was sent, with its failure beside it', async () => {
    const before = Date.now();
    const attributes = { source: 'callback', failure: 'TypeError', failedIn: 'at x' };
    await under.add({ body: '{"ä":1}', attributes });

    const [letter] = await all();

    expect(letter).toMatchObject({
      message: { body: '{"ä":1}', attributes: { source: 'callback' } },
      failure: { error: 'TypeError', at: 'at x' },
    });
    expect(letter?.sentAt).toBeGreaterThanOrEqual(before - 1_000);
    expect(letter?.sentAt).toBeLessThanOrEqual(Date.now() + 1_000);
  });

  test('one that says no failure has none', async () => {
    await under.add(message('x'));

    expect((await all())[0]?.failure).toBeUndefined();
  });

  test('25 letters are received once each, and are hidden meanwhile', async () => {
    const texts = Array.from({ length: 25 }, (_, n) => `body ${String(n)}`);
    for (const text of texts) await under.add(message(text));

    expect(bodies(await all())).toEqual([...texts].sort());
    await expect(under.deadLetters.count()).resolves.toEqual({ visible: 0, hidden: 25 });
  });

  test('released letters can be received at once, the others not', async () => {
    for (const text of ['a', 'b']) await under.add(message(text));
    const [first, second] = await all();
    if (first === undefined || second === undefined) throw new Error('two were sent');

    await under.deadLetters.release([second]);

    expect(bodies(await all())).toEqual([second.message.body]);
  });

  test('25 are released and removed together', async () => {
    for (let n = 0; n < 25; n += 1) await under.add(message(`body ${String(n)}`));

    await under.deadLetters.release(await all());
    const left = await under.deadLetters.remove(await all());

    expect(left.size).toBe(0);
    await expect(under.deadLetters.count()).resolves.toEqual({ visible: 0, hidden: 0 });
  });

  test('nothing to release or remove is no complaint', async () => {
    await under.deadLetters.release([]);
    await expect(under.deadLetters.remove([])).resolves.toEqual(new Set());
  });
}
