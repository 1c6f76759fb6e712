import type { Leases } from '../coverage/mirror-state.ts';
import { createLease } from '../coverage/run-lease.ts';
import type { Clock } from '../platform/clock.ts';
import type { ReadSecret } from '../platform/secret.ts';
import { ApiKeyRefusedError, isUnauthorized } from './failures.ts';

export interface RunAloneDependencies {
  readonly readApiKey: ReadSecret;
  /** The name of the secret to fill, for errors. */
  readonly apiKeySecretId: string;
  readonly mirrorState: Leases;
  readonly clock: Clock;
}

/** What a run that may walk has. */
export interface Turn {
  readonly apiKey: string;
  /** Whether there is time for one more page. */
  readonly hasTime: () => boolean;
  /** Whether the lease is still ours; extends it where that is due. */
  readonly isMine: () => Promise<boolean>;
  /** Both, asked before each page. */
  readonly mayGoOn: () => Promise<boolean>;
}

/**
 * Runs one of its name at a time, with the API key. Answers `no key` where the secret is empty and `busy`
 * while another run holds the lease. A key that Scale refuses is told as what it is: a secret to fill.
 */
export async function runAlone<Result>(
  { readApiKey, apiKeySecretId, mirrorState, clock }: RunAloneDependencies,
  { name, hasTime }: { readonly name: string; readonly hasTime: () => boolean },
  run: (turn: Turn) => Promise<Result>,
): Promise<Result | 'no key' | 'busy'> {
  const apiKey = await readApiKey();
  if (apiKey === undefined) return 'no key';
  const lease = createLease({ leaseName: name, mirrorState, clock });
  const isMine = () => lease.hold();
  if (!(await isMine())) return 'busy';
  try {
    const mayGoOn = async () => hasTime() && (await isMine());
    return await run({ apiKey, hasTime, isMine, mayGoOn });
  } catch (error) {
    if (isUnauthorized(error)) throw new ApiKeyRefusedError(apiKeySecretId, error.status);
    throw error;
  } finally {
    await lease.release();
  }
}
