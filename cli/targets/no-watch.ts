import type { Watch } from '../mirror.ts';

/** Where neither AWS's schedules nor its alarms are known. */
export const noWatch: Watch = {
  schedules: () => Promise.resolve(undefined),
  alarms: () => Promise.resolve(undefined),
  concurrentCalls: () => Promise.resolve(undefined),
};
