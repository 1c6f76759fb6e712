/** The orderly end of the process. */
export interface Ending {
  /** Aborted as soon as the end has begun. */
  readonly signal: AbortSignal;
  /** What has to be stopped before the process may end. */
  stopFirst(stop: () => Promise<void>): void;
}

/** How soon an orphan notices. */
const PARENT_CHECK_MS = 100;

/**
 * Ends the process with exit code 0 on SIGINT and SIGTERM, also while it is still starting. A terminal's
 * Ctrl-C arrives twice, since npm passes on what the terminal has sent to both: the second one is ignored.
 * `npmPid` is the process that npm runs in, where it runs this one.
 */
export function endGracefully(npmPid: string | undefined): Ending {
  const ending = new AbortController();
  let stop = (): Promise<void> => Promise.resolve();
  const end = async (): Promise<void> => {
    if (ending.signal.aborted) return;
    ending.abort();
    try {
      await stop();
      process.exit(0);
    } catch (error) {
      process.stderr.write(`not stopped cleanly: ${String(error)}\n`);
      process.exit(1);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end());
  if (npmPid !== undefined) endWithNpm(Number(npmPid));
  return {
    signal: ending.signal,
    stopFirst: (first) => {
      stop = first;
    },
  };
}

/**
 * npm that is killed outright cannot tell its child: without this the stack would keep ports and data. Who
 * npm is has to be said by the script's shell: npm may be gone before this process can look for its parent.
 */
function endWithNpm(npm: number): void {
  setInterval(() => {
    if (process.ppid !== npm) process.exit(1);
  }, PARENT_CHECK_MS).unref();
}
