/** Writers of one task that are always faster: a later try can help. Its name is the reason of a dead letter. */
export class TooManyWritersError extends Error {
  override readonly name = 'TooManyWritersError';

  constructor(taskId: string) {
    super(`task ${taskId} is being written by too many at once`);
  }
}

/** Scale was asked again and again, and its answers settle nothing. Its name is the reason of a dead letter. */
export class UndecidedError extends Error {
  override readonly name = 'UndecidedError';

  constructor(taskId: string, rounds: number) {
    super(`task ${taskId} is undecided after ${String(rounds)} confirms`);
  }
}
