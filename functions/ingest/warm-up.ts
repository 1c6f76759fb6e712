import { type Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

import type { ReadSecret } from '../../shared/platform/secret.ts';

export interface WarmUpDependencies {
  readonly readCallbackKeys: ReadSecret;
  /** The connections by which the queue is called. */
  readonly agent: Agent;
  readonly queueUrl: string;
}

/** Lambda gives 10 s to initialise; what is not ready by now the first call does itself. */
const LONGEST_MS = 3_000;

/**
 * Loads the keys and connects with SQS before the first call, which on a small function has a tenth of the CPU for it. Never
 * rejects: what fails here is tried again by that call, which knows how to say so.
 */
export async function warmUp(dependencies: WarmUpDependencies): Promise<void> {
  const { readCallbackKeys, agent, queueUrl } = dependencies;
  const ended = new AbortController();
  const all = Promise.allSettled([readCallbackKeys(), connect(agent, queueUrl, ended.signal)]);
  await Promise.race([all, sleep(LONGEST_MS, undefined, { signal: ended.signal }).catch(noop)]);
  ended.abort();
}

/** Leaves one connection in the agent, by a request that does nothing: every endpoint of SQS answers `/ping`. */
async function connect(agent: Agent, queueUrl: string, signal: AbortSignal): Promise<void> {
  const { protocol, origin } = new URL(queueUrl);
  if (protocol !== 'https:') return;
  await new Promise((resolve, reject) => {
    const ping = request(`${origin}/ping`, { agent, signal }, (response) => {
      response.resume();
      response.once('end', resolve);
    });
    ping.once('error', reject);
    ping.end();
  });
}

const noop = (): void => undefined;
