import { readThrough } from '../../../shared/queue/read-through.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { inMemoryDeadLetters } from '../../support/in-memory-dead-letters.ts';

function letters(count: number) {
  const clock = fakeClock();
  const deadLetters = inMemoryDeadLetters(clock);
  for (let n = 0; n < count; n += 1) deadLetters.add({ body: String(n), attributes: {} });
  return { clock, deadLetters };
}

test('every letter is shown once, and all can be received again at once', async () => {
  const { deadLetters } = letters(25);
  const shown: string[] = [];

  await readThrough(deadLetters, async (some) => {
    shown.push(...some.map(({ messageId }) => messageId));
    return new Set();
  });

  expect(shown).toEqual(deadLetters.ids());
  await expect(deadLetters.count()).resolves.toEqual({ visible: 25, hidden: 0 });
});

test('where the work breaks off, nothing stays hidden', async () => {
  const { deadLetters } = letters(15);
  let calls = 0;

  const reading = readThrough(deadLetters, async () => {
    calls += 1;
    if (calls === 2) throw new Error('broken off');
    return new Set();
  });

  await expect(reading).rejects.toThrow('broken off');
  await expect(deadLetters.count()).resolves.toEqual({ visible: 15, hidden: 0 });
});

test('what comes back while it is read is not shown twice, and it ends all the same', async () => {
  const { clock, deadLetters } = letters(12);
  const shown: string[] = [];

  await readThrough(deadLetters, async (some) => {
    shown.push(...some.map(({ messageId }) => messageId));
    clock.advance(10 * 60_000);
    return new Set();
  });

  expect(new Set(shown).size).toBe(shown.length);
  await expect(deadLetters.count()).resolves.toEqual({ visible: 12, hidden: 0 });
});

test('what was removed is not released', async () => {
  const { deadLetters } = letters(3);

  await readThrough(deadLetters, async (some) => {
    const first = some.slice(0, 1);
    await deadLetters.remove(first);
    return new Set(first.map(({ messageId }) => messageId));
  });

  await expect(deadLetters.count()).resolves.toEqual({ visible: 2, hidden: 0 });
});
