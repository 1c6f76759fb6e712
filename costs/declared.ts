/**
 * What an emulator cannot show and a quiet machine cannot promise: Lambda's time and memory, and what AWS itself writes to logs.
 * Memory is the template's (`test/costs/declared.test.ts` compares). Times are declared, from this project's benchmarks and
 * AWS's published latencies, on the high side; they make less than a tenth of any bill.
 */
export const functionMemoryMb = {
  ingest: 256,
  worker: 1_024,
  changes: 256,
  backfill: 512,
  reconcile: 1_024,
  'archive-dead-letters': 256,
} as const;

export type FunctionName = keyof typeof functionMemoryMb;

export interface Work {
  /** Bytes of all bodies of the call. */
  readonly bytes: number;
  readonly messages: number;
}

interface Milliseconds {
  readonly ofCall: number;
  readonly ofMessage: number;
  readonly ofKilobyte: number;
}

const milliseconds: Readonly<Record<FunctionName, Milliseconds>> = {
  // Checks a key and waits for SQS.
  ingest: { ofCall: 15, ofMessage: 0, ofKilobyte: 0.02 },
  // Reads heads, compresses, writes documents and heads side by side.
  worker: { ofCall: 40, ofMessage: 2, ofKilobyte: 0.08 },
  changes: { ofCall: 20, ofMessage: 0.3, ofKilobyte: 0 },
  // Starts anew for nearly each run; waits for Scale's pages.
  backfill: { ofCall: 1_500, ofMessage: 3, ofKilobyte: 0 },
  reconcile: { ofCall: 1_500, ofMessage: 1, ofKilobyte: 0 },
  // A long poll that finds nothing, and the start.
  'archive-dead-letters': { ofCall: 4_000, ofMessage: 20, ofKilobyte: 0 },
};

/** Milliseconds times GB of one call. */
export function gbMs(name: FunctionName, { bytes, messages }: Work): number {
  const { ofCall, ofMessage, ofKilobyte } = milliseconds[name];
  const ms = ofCall + messages * ofMessage + (bytes / 1_024) * ofKilobyte;
  return ms * (functionMemoryMb[name] / 1_024);
}

/** A line of API Gateway's access log, as `infra/constructs/callback-api.ts` has it, with a usual address. */
export const ACCESS_LOG_LINE = JSON.stringify({
  requestId: 'JKJaXmPLvHcESHA=',
  status: '200',
  latencyMs: '18',
  sourceIp: '203.0.113.100',
  error: '-',
});

/** START, END and REPORT of an invocation, which Lambda writes unless it is told not to. */
export const PLATFORM_LINES = { bytes: 300, lines: 3 };
