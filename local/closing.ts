/** What has to be closed, the last first. Node.js 22 has no `AsyncDisposableStack`, which this is. */
export interface Closing {
  defer(close: () => void | Promise<void>): void;
  closeAll(): Promise<void>;
}

export function createClosing(): Closing {
  const closes: (() => void | Promise<void>)[] = [];
  return {
    defer: (close) => {
      closes.push(close);
    },
    closeAll: async () => {
      const errors: unknown[] = [];
      for (let close = closes.pop(); close !== undefined; close = closes.pop()) {
        try {
          await close();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join('; '));
    },
  };
}
