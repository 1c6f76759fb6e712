/** Ids that nothing has yet: as long as Scale's (24 hex digits), the same for the same seed and clock. */
export interface Ids {
  task(): string;
  project(): string;
  batch(): string;
}

export function createIds(seed: number, now: () => number, isTaken: (id: string) => boolean): Ids {
  const counter = (make: (count: number) => string) => {
    let count = 0;
    return (): string => {
      for (;;) {
        count += 1;
        const id = make(count);
        if (!isTaken(id)) return id;
      }
    };
  };
  const hex = (value: number, digits: number): string =>
    Math.abs(Math.trunc(value)).toString(16).padStart(digits, '0').slice(-digits);
  return {
    task: counter((n) => hex(now() / 1_000, 8) + hex(seed, 8) + hex(n, 8)),
    project: counter((n) => `project_${n}`),
    batch: counter((n) => `batch_${n}`),
  };
}
