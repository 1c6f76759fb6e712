/** What a check has found; a warning and a failure say what to do, and only a failure counts as one. */
export type Finding =
  | { readonly state: 'ok'; readonly message: string }
  | { readonly state: 'skipped'; readonly message: string }
  | { readonly state: 'warned' | 'failed'; readonly message: string; readonly hint: string };

export interface Check {
  readonly name: string;
  readonly run: () => Promise<Finding>;
}

export interface CheckResult {
  readonly name: string;
  readonly finding: Finding;
}

export const ok = (message: string): Finding => ({ state: 'ok', message });
export const skipped = (message: string): Finding => ({ state: 'skipped', message });
export const warned = (message: string, hint: string): Finding => ({
  state: 'warned',
  message,
  hint,
});
export const failed = (message: string, hint: string): Finding => ({
  state: 'failed',
  message,
  hint,
});

/** Runs all checks, one after the other; a check that breaks off has failed, and the next one runs. */
export async function runChecks(
  checks: readonly Check[],
  onResult: (result: CheckResult) => void,
): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { name, run } of checks) {
    const finding = await run().catch((error: unknown): Finding => {
      const message = error instanceof Error ? error.message : String(error);
      return failed(message, 'mend what it says, and run the doctor again');
    });
    const result = { name, finding };
    results.push(result);
    onResult(result);
  }
  return results;
}
