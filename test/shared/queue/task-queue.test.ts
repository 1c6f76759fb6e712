import fc from 'fast-check';

import { LARGEST_MESSAGE_BYTES, messageBytes } from '../../../shared/queue/sqs-limits.ts';
import { batches } from '../../../shared/queue/task-queue.ts';
import type { WireMessage } from '../../../shared/queue/task-message.ts';

const aMessage = (bytes: number): WireMessage => ({ body: 'x'.repeat(bytes), attributes: {} });
const sizes = (...bytes: number[]): number[][] =>
  batches(bytes.map(aMessage)).map((group) => group.map(messageBytes));

describe('batches', () => {
  it('makes none of no messages', () => {
    expect(batches([])).toEqual([]);
  });

  it('puts ten messages together, and an eleventh apart', () => {
    const ten = Array.from({ length: 10 }, () => 1);
    expect(sizes(...ten)).toEqual([ten]);
    expect(sizes(...ten, 1)).toEqual([ten, [1]]);
  });

  it('puts 1 MiB together, and no byte more', () => {
    const half = LARGEST_MESSAGE_BYTES / 2;
    expect(sizes(half, half, 1)).toEqual([[half, half], [1]]);
    expect(sizes(half, half + 1, 1)).toEqual([[half], [half + 1, 1]]);
  });

  it('counts attributes too', () => {
    const message = {
      body: 'x'.repeat(LARGEST_MESSAGE_BYTES / 2 - 13),
      attributes: { rounds: '1' },
    };
    expect(batches([message, message])).toEqual([[message, message]]);
    const longer = { ...message, attributes: { rounds: '10' } };
    expect(batches([longer, longer])).toEqual([[longer], [longer]]);
  });

  it('leaves a message that is too big alone to the refusal of SQS', () => {
    const big = LARGEST_MESSAGE_BYTES + 1;
    expect(sizes(1, big, 1)).toEqual([[1], [big], [1]]);
    expect(sizes(big)).toEqual([[big]]);
  });

  it('keeps every message once and in order, within both limits', () => {
    const bytes = fc.array(fc.integer({ min: 1, max: LARGEST_MESSAGE_BYTES }), { maxLength: 30 });
    fc.assert(
      fc.property(bytes, (some) => {
        const groups = sizes(...some);
        expect(groups.flat()).toEqual(some);
        for (const group of groups) {
          expect(group.length).toBeLessThanOrEqual(10);
          expect(group.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(
            LARGEST_MESSAGE_BYTES,
          );
        }
      }),
      { numRuns: 30 },
    );
  });
});
