import { aStoredMirror, type StoredMirror } from '../readers/a-stored-mirror.ts';
import { aV2Task } from '../support/builders.ts';
import { inMemoryBatchBook } from '../support/in-memory-batch-book.ts';
import { inMemoryMirrorState } from '../support/in-memory-mirror-state.ts';
import { aBackfillMessage, MINUTE_MS } from '../support/worker-driver.ts';
import { aCommandLine } from './a-context.ts';

/** The command line on tables of the emulator, to which a worker writes. */
export async function aReadMirror() {
  const mirror = await aStoredMirror();
  const mirrorState = inMemoryMirrorState();
  const parts = { directory: async () => mirror.directory };
  const line = aCommandLine(inMemoryBatchBook(), {
    reader: async (numbers) => mirror.readerWith(numbers),
    directory: () => parts.directory(),
    mirrorState: async () => mirrorState,
  });
  return {
    ...mirror,
    mirrorState,
    parts,
    ...line,
    see: (...tasks: object[]) => see(mirror, ...tasks),
  };
}

/** Has the worker see states of tasks, a minute after the last; answers their texts. */
async function see({ worker }: StoredMirror, ...tasks: object[]): Promise<readonly string[]> {
  worker.clock.advance(MINUTE_MS);
  const requestedAt = worker.clock.now();
  const texts = tasks.map((task) => JSON.stringify(aV2Task(task)));
  await worker.deliver(...texts.map((text) => aBackfillMessage(text, { requestedAt })));
  return texts;
}

/** JSON lines. */
export function parsedLines(stdout: string): unknown[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}
