import {
  type BatchReport,
  changeBatch,
  type ChangeDependencies,
} from '../../../cli/batch/change-batch.ts';
import type { CommandFailure } from '../../../cli/failure.ts';
import type { BatchBook } from '../../../shared/coverage/batch-book.ts';
import type { Batch, BatchAction, BatchRef } from '../../../shared/scale/batches.ts';
import { aBatch, fakeBatches } from '../../support/fake-batches.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { inMemoryBatchBook } from '../../support/in-memory-batch-book.ts';

/** A book that cannot be written to. */
export const brokenBook: BatchBook = {
  ...inMemoryBatchBook(),
  put: async () => {
    throw new Error('no table');
  },
};

/** A batch at a fake Scale and a book, and commands on them. */
export function aChange(members: Partial<Batch> = {}) {
  const batch = aBatch(members);
  const scale = fakeBatches(batch);
  const book = inMemoryBatchBook();
  const clock = fakeClock();
  const told: string[] = [];
  const questions: string[] = [];
  const dependencies: ChangeDependencies = {
    api: scale,
    book,
    clock,
    sleep: clock.sleep,
    tell: (line) => told.push(line),
    confirm: async (question) => {
      questions.push(question);
      return true;
    },
    showCommand: ({ id }) => `show ${id}`,
    trackCommand: ({ id }) => `track ${id}`,
  };
  const run = (
    action: BatchAction,
    other: Partial<ChangeDependencies> = {},
    ref: BatchRef = { id: batch.id },
  ): Promise<BatchReport> => changeBatch({ ...dependencies, ...other }, action, ref);
  return {
    scale,
    book,
    clock,
    told,
    questions,
    dependencies,
    run,
    /** The batch as it was at first. */
    batch,
    status: () => scale.batches.get(batch.id)?.status,
    /** Somebody else changes the batch. */
    move: (status: string) => {
      scale.batches.set(batch.id, { ...batch, status });
    },
    /** How often the action was asked for. */
    tries: (action: BatchAction) => scale.asked.filter((call) => call.startsWith(action)).length,
    /** The failure of a command; one that does not fail the test does. */
    failure: async (...args: Parameters<typeof run>): Promise<CommandFailure> =>
      run(...args).then(
        () => {
          throw new Error('it did not fail');
        },
        (error: unknown) => error as CommandFailure,
      ),
  };
}
