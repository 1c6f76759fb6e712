/** No task of Scale's has such an id: a doctor's, which is posted, found and removed again within seconds. */
export const PROBE_PREFIX = 'task-mirror-doctor-';

export function isProbe(taskId: string): boolean {
  return taskId.startsWith(PROBE_PREFIX);
}
