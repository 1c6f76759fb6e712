import type { Random } from '../../prove/kills/random.ts';
import type { Scenario } from './scenario.ts';
import { createTokenBucket, takeAll, type TokenBucket } from './token-bucket.ts';

/** Which partitions of the indexes the head of a task goes to. */
export type IndexKeys = readonly TokenBucket[];

/** DynamoDB: the table `Tasks` and its three indexes, whose want of capacity throttles the table. */
export interface Tables {
  readonly keysOfTask: () => IndexKeys;
  /** False where it is throttled. A document that was there already costs its refusal, and a mark that it is used. */
  readonly writeDocument: (at: number, isThere: boolean) => boolean;
  readonly writeHead: (at: number, keys: IndexKeys) => boolean;
}

export function createTables(
  { batches, projects, shards, limits, costs }: Scenario,
  random: Random,
): Tables {
  const partition = (): TokenBucket =>
    createTokenBucket(limits.partitionUnits, limits.partitionUnits);
  const partitions = (keys: number): TokenBucket[] =>
    Array.from({ length: keys * shards }, partition);
  const [byBatch, byProject, changes] = [batches, projects, projects].map(partitions);
  const table = createOnDemand(limits);
  const indexes = [createOnDemand(limits), createOnDemand(limits), createOnDemand(limits)];
  const anyOf = (buckets: readonly TokenBucket[] = []): TokenBucket[] =>
    buckets.slice(Math.floor(random() * buckets.length)).slice(0, 1);
  return {
    keysOfTask: () => [...anyOf(byBatch), ...anyOf(byProject), ...anyOf(changes)],
    writeDocument: (at, isThere) => {
      const units = costs.documentUnits * (isThere ? 2 : 1);
      const isTaken = takeAll([[table.bucket(at), units]], at);
      if (isTaken) table.used(units);
      return isTaken;
    },
    writeHead: (at, keys) => {
      const all: [TokenBucket, number][] = keys.map((key) => [key, costs.indexUnits]);
      for (const index of indexes) all.push([index.bucket(at), costs.indexUnits]);
      all.push([table.bucket(at), costs.headUnits]);
      if (!takeAll(all, at)) return false;
      table.used(costs.headUnits);
      for (const index of indexes) index.used(costs.indexUnits);
      return true;
    },
  };
}

interface OnDemand {
  readonly bucket: (at: number) => TokenBucket;
  readonly used: (units: number) => void;
}

/** On-demand capacity: serves up to twice its highest traffic of before, once half an hour has passed. */
function createOnDemand({ tableUnits, doublingSeconds }: Scenario['limits']): OnDemand {
  const bucket = createTokenBucket(tableUnits, tableUnits);
  let [capacity, minute, unitsInMinute, highest, doubledAt] = [tableUnits, 0, 0, 0, 0];
  return {
    bucket: (at) => {
      const present = Math.floor(at / 60);
      if (present > minute) {
        highest = Math.max(highest, unitsInMinute / 60);
        [minute, unitsInMinute] = [present, 0];
      }
      if (at - doubledAt >= doublingSeconds) {
        if (highest * 2 > capacity) bucket.setRate((capacity = highest * 2));
        [doubledAt, highest] = [at, 0];
      }
      return bucket;
    },
    used: (units) => {
      unitsInMinute += units;
    },
  };
}
