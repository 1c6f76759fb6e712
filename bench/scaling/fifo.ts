/** First in, first out, however many there are. */
export interface Fifo<T> {
  readonly size: () => number;
  readonly first: () => T | undefined;
  readonly push: (value: T) => void;
  readonly shift: () => T | undefined;
}

const COMPACTED_AFTER = 10_000;

export function createFifo<T>(): Fifo<T> {
  let values: T[] = [];
  let head = 0;
  return {
    size: () => values.length - head,
    first: () => values[head],
    push: (value) => {
      values.push(value);
    },
    shift: () => {
      const value = values[head];
      if (value !== undefined) head += 1;
      if (head > COMPACTED_AFTER && head * 2 > values.length) {
        values = values.slice(head);
        head = 0;
      }
      return value;
    },
  };
}
