import type { Context } from '../../cli/context.ts';
import { withFailure } from '../../shared/queue/dead-letter.ts';
import type { WireMessage } from '../../shared/queue/task-message.ts';
import { inMemoryBatchBook } from '../support/in-memory-batch-book.ts';
import { inMemoryDeadLetters } from '../support/in-memory-dead-letters.ts';
import { aMirror } from '../support/worker-driver.ts';
import { aCommandLine } from './a-context.ts';

/** The command line on a mirror in memory, whose worker works while a command waits. */
export function aMirrorAtWork() {
  const mirror = aMirror({ world: null });
  const { clock, bodies, taskQueue, taskTable } = mirror;
  const deadLetters = inMemoryDeadLetters(clock);
  const line = aCommandLine(inMemoryBatchBook(), {
    deadLetters: async () => deadLetters,
    bodies: async () => bodies,
    taskQueue: async () => taskQueue,
    taskTable: async () => taskTable,
  });
  const waits: number[] = [];
  const sleep = async (ms: number): Promise<void> => {
    waits.push(ms);
    clock.advance(ms);
    await mirror.deliver(...taskQueue.receive());
  };
  return {
    ...mirror,
    deadLetters,
    opened: line.opened,
    /** How long commands have waited, in milliseconds. */
    waits,
    run: (args: string, other: Partial<Context> = {}) => line.run(args, { clock, sleep, ...other }),
    /** A dead letter as the worker hands it over. */
    dead: (message: WireMessage, error?: string, agoMs = 0) =>
      deadLetters.add(
        error === undefined ? message : withFailure(message, { error, at: 'at write (x.js:1:2)' }),
        clock.now() - agoMs,
      ),
  };
}
