import type {
  Batch,
  BatchAction,
  BatchesApi,
  BatchRef,
  TaskCounts,
} from '../../shared/scale/batches.ts';
import { ScaleOutcomeUnknownError, ScaleRefusedError } from '../../shared/scale/errors.ts';

export function aBatch(members: Partial<Batch> = {}): Batch {
  return {
    id: 'batch_1',
    name: '2026-11 night',
    project: { id: 'project_1' },
    status: 'staging',
    createdAt: '2026-11-20T10:00:00.000Z',
    completedAt: undefined,
    ...members,
  };
}

/** What becomes of one try to change a batch. `unheard` and `heard` end without a clear answer. */
type Fate = 'unheard' | 'heard' | Error | ((answered: Batch) => Batch);

export interface FakeBatches extends BatchesApi {
  readonly batches: Map<string, Batch>;
  readonly counts: Map<string, TaskCounts>;
  /** Of the next tries, in order; then all goes well. */
  fates: Fate[];
  /** Called before each read. */
  onRead: () => void;
  /** What was asked, in order. */
  readonly asked: string[];
  countFailure: Error | undefined;
}

const FROM: Record<BatchAction, readonly string[]> = {
  finalize: ['staging'],
  pause: ['in_progress'],
  resume: ['paused'],
  cancel: ['staging', 'in_progress', 'paused'],
};
const TO = { finalize: 'in_progress', pause: 'paused', resume: 'in_progress', cancel: 'cancelled' };

/** Batches with Scale's rules; pause, resume and cancel are accepted, and `settle` makes them happen. */
export function fakeBatches(...batches: Batch[]): FakeBatches & { settle(): void } {
  let later: (() => void)[] = [];
  const find = (ref: BatchRef): Batch | undefined =>
    [...fake.batches.values()].find((one) =>
      'id' in ref ? one.id === ref.id : one.name === ref.name,
    );
  const change = (action: BatchAction, batch: Batch): Batch => {
    if (!FROM[action].includes(batch.status)) throw refusal(action, `it is ${batch.status}`);
    const changed = { ...batch, status: TO[action] };
    if (action === 'finalize') fake.batches.set(batch.id, changed);
    else later.push(() => fake.batches.set(batch.id, changed));
    return action === 'finalize' ? changed : batch;
  };
  const fake: FakeBatches & { settle(): void } = {
    batches: new Map(batches.map((one) => [one.id, one])),
    counts: new Map(),
    fates: [],
    onRead: () => undefined,
    asked: [],
    countFailure: undefined,
    settle: () => {
      for (const one of later) one();
      later = [];
    },
    listBatches: async ({ status, limit }, token) => {
      fake.asked.push(`list ${String(limit)} ${token ?? 'from the beginning'}`);
      fake.onRead();
      const all = [...fake.batches.values()].filter(
        (one) => status === undefined || one.status === status,
      );
      const end = Number(token ?? 0) + limit;
      const nextToken = end < all.length ? String(end) : undefined;
      return { batches: all.slice(end - limit, end), nextToken };
    },
    getBatch: async (ref) => {
      fake.asked.push(`get ${JSON.stringify(ref)}`);
      fake.onRead();
      return find(ref);
    },
    changeBatch: async (action, ref) => {
      fake.asked.push(`${action} ${JSON.stringify(ref)}`);
      const batch = find(ref);
      if (batch === undefined) throw new ScaleRefusedError(`POST /v2/batch/${action}`, 404);
      const fate = fake.fates.shift();
      if (fate instanceof Error) throw fate;
      if (fate === 'unheard') throw unknown(action);
      const answered = change(action, batch);
      if (fate === 'heard') throw unknown(action);
      const message = action === 'finalize' ? undefined : `Batch ${action} initiated.`;
      return { batch: fate === undefined ? answered : fate(answered), message };
    },
    countBatchTasks: async (name) => {
      if (fake.countFailure) throw fake.countFailure;
      return fake.counts.get(name);
    },
  };
  return fake;
}

export function refusal(action: BatchAction, reason: string): ScaleRefusedError {
  return new ScaleRefusedError(`POST /v2/batch/${action}`, 400, { reason });
}

function unknown(action: BatchAction): ScaleOutcomeUnknownError {
  return new ScaleOutcomeUnknownError(`POST /v2/batch/${action}`, 'status 502');
}
