/** What is known of a task that the reader does not find. */
export function missingTask(taskId: string): string {
  return `the mirror has no task "${taskId}": it has never been seen here, or was forgotten`;
}
