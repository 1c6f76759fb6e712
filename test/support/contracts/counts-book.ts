import { randomUUID } from 'node:crypto';

import type { CountsBook } from '../../../shared/coverage/counts-book.ts';
import { NOON } from '../fake-clock.ts';

/** What every `CountsBook` promises. */
export function countsBookContract(create: () => CountsBook): void {
  let book: CountsBook;
  beforeAll(() => {
    book = create();
  });

  test('knows nothing of a source that was never checked', async () => {
    expect(await book.get(`project:${randomUUID()}`)).toBeUndefined();
  });

  test('reads the last check back as it was written', async () => {
    const source = `project:${randomUUID()}`;
    const apart = [
      { batch: 'night', difference: { completed: 2, pending: -2 }, since: NOON - 5 },
      { batch: 'day', difference: { error: -1 }, since: NOON },
    ];
    await book.put({ source, checkedAt: NOON, apart });
    expect(await book.get(source)).toEqual({ source, checkedAt: NOON, apart });
    await book.put({ source, checkedAt: NOON + 1, apart: [] });
    expect(await book.get(source)).toEqual({ source, checkedAt: NOON + 1, apart: [] });
  });
}
