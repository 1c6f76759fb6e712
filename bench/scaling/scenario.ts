import { POSTPONED_MS } from '../../functions/worker/throttled.ts';

/**
 * The limits on a callback's way. What is the stack's own is held to `infra/` by a test; what is AWS's stands with its source in
 * docs/scaling.md. Times are in seconds.
 */
export interface Limits {
  /** API Gateway: `callbacks.ratePerSecond`, and the burst that the stage allows. */
  readonly stagePerSecond: number;
  readonly stageBurst: number;
  readonly accountPerSecond: number;
  readonly accountBurst: number;
  /** Lambda: environments of all functions, and how many may be added to one function in ten seconds. */
  readonly concurrency: number;
  readonly addedIn10Seconds: number;
  /** The event source mapping: calls at once at first, how many more a minute, and the setting. */
  readonly firstCalls: number;
  readonly moreCallsPerMinute: number;
  readonly maximumConcurrency: number;
  readonly batchSize: number;
  /** SQS: received and not yet deleted. */
  readonly mostInFlight: number;
  /** How long the worker has a message wait that DynamoDB had no room for. */
  readonly putBackSeconds: number;
  /** DynamoDB, in write units a second: of the table and of each index at first, and of one partition. */
  readonly tableUnits: number;
  readonly partitionUnits: number;
  /** How long an on-demand table takes to double (at most) what it has served. */
  readonly doublingSeconds: number;
}

/** What a callback costs in time and in units. Times are assumed; the worker's `Duration` says how long its calls take. */
export interface Costs {
  readonly ingestSeconds: number;
  readonly coldStartSeconds: number;
  /** Of a call of the worker: receive and read, until it writes; and from its last write until the next call. */
  readonly beforeWritesSeconds: number;
  readonly afterWritesSeconds: number;
  readonly documentUnits: number;
  readonly headUnits: number;
  /** Of each of the three indexes. */
  readonly indexUnits: number;
}

/** The SDK's retries of a throttled call (`@smithy/core`, standard mode) with the mirror's number of tries. */
export interface Retries {
  readonly attempts: number;
  readonly baseSeconds: number;
  readonly longestSeconds: number;
  /** Of one client, which lives as long as its environment. */
  readonly tokens: number;
  readonly cost: number;
}

/** Scale's own: the spacing is not documented, so they are taken to be evenly apart. */
export interface ScaleRetries {
  readonly times: number;
  readonly everySeconds: number;
}

export interface Scenario {
  readonly callbacks: number;
  readonly perSecond: number;
  /** How many batches and projects the tasks are of, evenly. */
  readonly batches: number;
  readonly projects: number;
  /** Keys among which each index key is spread; 1 as it is. */
  readonly shards: number;
  readonly seed: number;
  readonly limits: Limits;
  readonly costs: Costs;
  readonly retries: Retries;
  readonly scale: ScaleRetries;
}

export const LIMITS: Limits = {
  stagePerSecond: 1_000,
  stageBurst: 2_000,
  accountPerSecond: 10_000,
  accountBurst: 5_000,
  concurrency: 1_000,
  addedIn10Seconds: 1_000,
  firstCalls: 5,
  moreCallsPerMinute: 300,
  maximumConcurrency: 10,
  batchSize: 10,
  mostInFlight: 120_000,
  putBackSeconds: POSTPONED_MS / 1_000,
  tableUnits: 4_000,
  partitionUnits: 1_000,
  doublingSeconds: 1_800,
};

export const COSTS: Costs = {
  ingestSeconds: 0.03,
  coldStartSeconds: 0.4,
  beforeWritesSeconds: 0.05,
  afterWritesSeconds: 0.03,
  documentUnits: 2,
  headUnits: 1,
  indexUnits: 1,
};

export const RETRIES: Retries = {
  attempts: 4,
  baseSeconds: 1,
  longestSeconds: 20,
  tokens: 500,
  cost: 5,
};

export const SCALE_RETRIES: ScaleRetries = { times: 20, everySeconds: (24 * 3_600) / 20 };
