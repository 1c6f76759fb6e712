import * as v from 'valibot';

/** Why a callback is posted. Scale's bodies do not say. */
const kind = v.picklist(['error', 'completed', 'audited', 'recalled', 'batch', 're-sent']);

const attempt = v.object({
  at: v.number(),
  /** Absent where no answer came. */
  status: v.optional(v.number()),
  error: v.optional(v.string()),
});

/** One callback on its way to one URL, with the body that it had from the start. */
export const delivery = v.object({
  id: v.number(),
  kind,
  taskId: v.optional(v.string()),
  batchId: v.optional(v.string()),
  url: v.string(),
  madeAt: v.number(),
  /** `lost` and `mailed` ones are never posted. */
  state: v.picklist(['waiting', 'delivered', 'failed', 'lost', 'mailed']),
  isDuplicate: v.boolean(),
  attempts: v.array(attempt),
  /** When the next attempt is due, on the clock. */
  nextAt: v.number(),
  /** Forgotten once the delivery is over. */
  body: v.optional(v.string()),
});

export type CallbackKind = v.InferOutput<typeof kind>;
export type Delivery = v.InferOutput<typeof delivery>;
export type Attempt = v.InferOutput<typeof attempt>;

/** "Up to 20 times over the course of the next 24 hours" (Callbacks page). */
export const MOST_RETRIES = 20;
const RETRY_SPAN_MS = 24 * 60 * 60 * 1_000;

/** How much longer each wait is than the one before; the page says nothing of the spacing. */
const GROWTH = 1.4;

/** The waits before each retry; together they are 24 hours. HYPOTHESIS: growing, from 41 s to 7 h. */
export const RETRY_WAITS_MS: readonly number[] = retryWaits();

function retryWaits(): number[] {
  const first = (RETRY_SPAN_MS * (GROWTH - 1)) / (GROWTH ** MOST_RETRIES - 1);
  const waits = Array.from({ length: MOST_RETRIES - 1 }, (_, n) => Math.round(first * GROWTH ** n));
  const sum = waits.reduce((total, wait) => total + wait, 0);
  return [...waits, RETRY_SPAN_MS - sum];
}

/** Over this, those that are over are forgotten, oldest first. */
const MOST_KEPT = 20_000;

/** Drops what is over from the beginning of a list that has grown too long. */
export function forgetOldest(deliveries: Delivery[]): void {
  if (deliveries.length <= MOST_KEPT) return;
  const kept = deliveries.filter(
    ({ state }, index) => state === 'waiting' || index >= deliveries.length - MOST_KEPT / 2,
  );
  deliveries.splice(0, deliveries.length, ...kept);
}
