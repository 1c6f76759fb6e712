import type { Context } from '../../cli/context.ts';
import { runCli } from '../../cli/program.ts';
import type { Mirror } from '../../cli/mirror.ts';
import type { Place, Target } from '../../cli/target.ts';
import type { BatchBook } from '../../shared/coverage/batch-book.ts';
import type { ScaleApi } from '../../shared/scale/scale-api.ts';
import { aBatch, fakeBatches } from '../support/fake-batches.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { inMemoryBatchBook } from '../support/in-memory-batch-book.ts';
import { words } from '../support/words.ts';
import { aMirror } from './a-mirror.ts';

/** The command line in this process, on a fake Scale with one batch, `batch_1`, in staging. */
export function aCommandLine(book: BatchBook = inMemoryBatchBook(), parts: Partial<Mirror> = {}) {
  const scale = fakeBatches(aBatch());
  const clock = fakeClock();
  const places: Place[] = [];
  let opened = 0;
  const target: Target = {
    scale: async () => ({
      api: scale as Partial<ScaleApi> as ScaleApi,
      scaleUrl: 'https://scale.example',
      keyAdvice: 'fill the secret X',
    }),
    scaleBy: () => {
      throw new Error('nobody has another key');
    },
    mirror: aMirror({ batchBook: async () => book, ...parts }),
    close: () => {
      opened -= 1;
    },
  };
  return {
    scale,
    clock,
    target,
    places,
    /** Targets that are still open. */
    opened: () => opened,
    run: async (args: string, other: Partial<Context> = {}) => {
      let stdout = '';
      let stderr = '';
      const bytes: Uint8Array[] = [];
      const code = await runCli(words(args), {
        version: '1.2.3',
        env: {},
        openTarget: async (place) => {
          places.push(place);
          opened += 1;
          return target;
        },
        ask: undefined,
        readKey: async () => '',
        showProgress: undefined,
        clock,
        sleep: clock.sleep,
        takeInterruption: () => new AbortController().signal,
        readerGone: new AbortController().signal,
        flushed: async () => true,
        writeBytes: async (some) => {
          bytes.push(some);
        },
        out: (text) => {
          stdout += text;
        },
        err: (text) => {
          stderr += text;
        },
        ...other,
      });
      return { code, stdout: stdout + Buffer.concat(bytes).toString('utf8'), stderr };
    },
  };
}
