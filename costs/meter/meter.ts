/** What AWS bills, in its own measures. Each has one price. */
export const unitKinds = [
  /** Of an HTTP API, one for each 512 KB that is posted. */
  'gatewayRequests',
  'lambdaRequests',
  /** Milliseconds times the GB of memory. */
  'lambdaGbMs',
  /** Of SQS, one for each 64 KB that a call carries. */
  'queueRequests',
  'writeUnits',
  'readUnits',
  /** PUT, COPY, POST and LIST. A DELETE is free. */
  'bucketPuts',
  /** GET and HEAD. */
  'bucketGets',
  /** Of EventBridge, one for each 64 KB. */
  'events',
  'secretReads',
  /** What CloudWatch Logs takes in. */
  'logBytes',
  /** Calls of EventBridge Scheduler. */
  'scheduled',
] as const;

export type UnitKind = (typeof unitKinds)[number];

/** Billed units by their kind, and where they arose: `{ writeUnits: { documents: 1, heads: 1 } }`. */
export type Units = Readonly<Partial<Record<UnitKind, Readonly<Record<string, number>>>>>;

export interface Meter {
  add(kind: UnitKind, where: string, by: number): void;
  /** All since the last reading, each divided by `callbacks`; begins anew. */
  take(callbacks?: number): Units;
}

export function createMeter(): Meter {
  const counted = new Map<UnitKind, Map<string, number>>();
  return {
    add(kind, where, by) {
      const places = counted.get(kind) ?? new Map<string, number>();
      places.set(where, (places.get(where) ?? 0) + by);
      counted.set(kind, places);
    },
    take(callbacks = 1) {
      const units: Partial<Record<UnitKind, Record<string, number>>> = {};
      for (const kind of unitKinds) {
        const places = counted.get(kind);
        if (places === undefined) continue;
        units[kind] = Object.fromEntries(
          [...places].sort().map(([where, count]) => [where, rounded(count / callbacks)]),
        );
      }
      counted.clear();
      return units;
    },
  };
}

/** All units of a kind, wherever they arose. */
export function totalOf(units: Units, kind: UnitKind): number {
  return Object.values(units[kind] ?? {}).reduce((sum, count) => sum + count, 0);
}

/** A batch of ten shares its calls: a tenth has to be kept, and what floating point adds need not. */
function rounded(count: number): number {
  return Math.round(count * 10_000) / 10_000;
}
