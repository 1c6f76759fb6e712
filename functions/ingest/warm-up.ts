import type { ReadSecret } from '../../shared/platform/secret.ts';

export interface WarmUpDependencies {
  readonly readCallbackKeys: ReadSecret;
  /** The connections that were begun. Its promise never rejects. */
  readonly connections: { settled(): Promise<void> };
}

/** Lambda gives 10 s to initialise; what is not ready by now the first call does itself. */
const LONGEST_MS = 3_000;

/**
 * Waits for the keys and for the connection with SQS before the first call, which on a small function has a tenth of the CPU for
 * them. Reading the keys runs most of the SDK that the first call needs. Never rejects: what fails here is tried again by that
 * call, which knows how to say so.
 */
export async function warmUp({ readCallbackKeys, connections }: WarmUpDependencies): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LONGEST_MS);
  });
  await Promise.race([Promise.allSettled([readCallbackKeys(), connections.settled()]), late]);
  clearTimeout(timer);
}
