import * as v from 'valibot';

import type { Originals } from './callbacks.ts';
import type { TurnableClock } from './clock.ts';
import { type Delivery, delivery } from './deliveries.ts';
import { type Batch, batch, type Project, project, type Task, task } from './model.ts';
import { type Store, StoreError } from './store.ts';
import type { WorldListener } from './world.ts';

/** Who takes what was kept. */
interface Restoring {
  readonly project: (project: Project) => void;
  readonly batch: (batch: Batch) => void;
  readonly task: (task: Task) => void;
  readonly delivery: (delivery: Delivery) => void;
  readonly originals: (taskId: string, originals: Originals) => void;
}

/** What goes into the store, and how it comes back. Without a store, nothing and not at all. */
export interface Keeping {
  readonly listener: WorldListener;
  readonly delivery: (delivery: Delivery) => void;
  readonly originals: (taskId: string, originals: Originals) => void;
  readonly restore: (to: Restoring) => void;
  readonly close: () => void;
}

const originals = v.object({ last: v.string(), completion: v.optional(v.string()) });
const clockState = v.object({ turnedMs: v.number() });

export function keepIn(store: Store | undefined, clock: TurnableClock): Keeping {
  let isRestoring = false;
  const save = (kind: string, id: string, read: () => unknown): void => {
    if (store !== undefined && !isRestoring) store.save(kind, id, read);
  };
  const saveClock = (): void => {
    save('clock', '', () => ({ turnedMs: clock.turnedMs() }));
  };
  return {
    listener: {
      projectChanged: (one) => {
        save('project', one.id, () => one);
      },
      batchChanged: (one) => {
        save('batch', one.id, () => one);
      },
      taskChanged: (one) => {
        save('task', one.id, () => withoutPast(one));
        saveClock();
      },
    },
    delivery: (one) => {
      save('delivery', String(one.id), () => (one.state === 'waiting' ? one : undefined));
    },
    originals: (taskId, made) => {
      save('originals', taskId, () => made);
    },
    restore: (to) => {
      if (store === undefined) return;
      isRestoring = true;
      const deliveries: Delivery[] = [];
      for (const { kind, id, value } of store.load()) {
        if (kind === 'delivery') deliveries.push(parsed(delivery, value));
        else if (kind === 'clock') clock.putForward(parsed(clockState, value).turnedMs);
        else take(to, kind, id, value);
      }
      for (const one of deliveries.sort((a, b) => a.id - b.id)) to.delivery(one);
      isRestoring = false;
    },
    close: () => {
      saveClock();
      store?.close();
    },
  };
}

function take(to: Restoring, kind: string, id: string, value: unknown): void {
  if (kind === 'project') to.project(parsed(project, value));
  if (kind === 'batch') to.batch(parsed(batch, value));
  if (kind === 'task') to.task(parsed(task, value));
  if (kind === 'originals') to.originals(id, parsed(originals, value));
}

function parsed<T extends v.GenericSchema>(schema: T, value: unknown): v.InferOutput<T> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw new StoreError('the data file was written by another version: remove it');
}

/** Members that are `undefined` are not in JSON. */
function withoutPast(task: Task): unknown {
  return { ...task, past: undefined };
}
