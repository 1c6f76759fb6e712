/** One thing that has to be true of the deployed stack, and whether it was. */
export interface Check {
  readonly name: string;
  readonly passed: boolean;
  /** What was seen, or what was wrong. */
  readonly detail: string;
}

export interface Checks {
  readonly all: readonly Check[];
  /** Passes where `look` comes back, with what it has seen, and fails where it throws. Never throws itself. */
  expect(name: string, look: () => Promise<string> | string): Promise<boolean>;
}

/** Tells each as soon as it is known. `signal` ends them: what fails then is nobody's fault. */
export function createChecks(tell: (check: Check) => void, signal: AbortSignal): Checks {
  const all: Check[] = [];
  return {
    all,
    expect: async (name, look) => {
      const check = await seen(name, look);
      signal.throwIfAborted();
      all.push(check);
      tell(check);
      return check.passed;
    },
  };
}

async function seen(name: string, look: () => Promise<string> | string): Promise<Check> {
  try {
    return { name, passed: true, detail: await look() };
  } catch (error) {
    return { name, passed: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Fails a check with what was there instead. */
export function mustEqual(what: string, actual: unknown, wanted: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(wanted)];
  if (is !== should) throw new Error(`${what} is ${is}, not ${should}`);
}
