/** What every history of `npm run prove` is played with. */
export const SETTLE_MS = 10_000;
export const SKEW_MS = 5_000;

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** SQS hands a message out again after so long, if its worker has failed or died. */
export const VISIBILITY_MS = 180_000;

/** When the task of a history is created, on our clock. */
export const START = Date.parse('2026-11-21T12:00:00.000Z');
