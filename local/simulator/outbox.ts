import type { TurnableClock } from './clock.ts';
import { type CallbackKind, type Delivery, forgetOldest, RETRY_WAITS_MS } from './deliveries.ts';
import type { Post } from './poster.ts';
import type { Random } from './random.ts';
import type { Scenario } from './scenario.ts';

/** What is to be posted, and where to. */
interface Letter {
  readonly kind: CallbackKind;
  readonly taskId?: string | undefined;
  readonly batchId?: string | undefined;
  readonly url: string;
  readonly body: string;
}

/** Callbacks on their way: posted, retried, and, if the scenario says so, mislaid. */
export interface Outbox {
  readonly send: (letter: Letter) => void;
  /** Posts once, now, without retries; answers the status, or throws where there was no answer. */
  readonly postOnce: (letter: Letter) => Promise<number>;
  /** Takes up a delivery that an earlier process left waiting. */
  readonly resume: (delivery: Delivery) => void;
  /** Oldest first; of those that are over, the last 10,000 or more. */
  readonly deliveries: readonly Delivery[];
}

export interface OutboxDependencies {
  readonly clock: TurnableClock;
  readonly post: Post;
  readonly random: Random;
  readonly scenario: () => Scenario;
  readonly isClosed: () => boolean;
  /** Hears when a task's callback was taken, or was given up. */
  readonly onOutcome: (taskId: string, succeeded: boolean) => void;
  readonly onChange: (delivery: Delivery) => void;
}

/** Held-back callbacks go out after so long even if nothing overtakes them. */
const LONGEST_HOLD_MS = 60_000;

export function createOutbox(dependencies: OutboxDependencies): Outbox {
  const { clock, post, random, scenario, onChange } = dependencies;
  const deliveries: Delivery[] = [];
  let held: Delivery[] = [];
  let lastId = 0;

  const add = (letter: Letter, isDuplicate: boolean): Delivery => {
    const madeAt = clock.now();
    const made: Delivery = {
      ...letter,
      id: (lastId += 1),
      madeAt,
      state: 'waiting',
      isDuplicate,
      attempts: [],
      nextAt: madeAt,
    };
    deliveries.push(made);
    forgetOldest(deliveries);
    return made;
  };
  const end = (delivery: Delivery, state: Exclude<Delivery['state'], 'waiting'>): void => {
    delivery.state = state;
    delete delivery.body;
    const { taskId } = delivery;
    if (taskId !== undefined && state === 'delivered') dependencies.onOutcome(taskId, true);
    if (taskId !== undefined && state === 'failed') dependencies.onOutcome(taskId, false);
    onChange(delivery);
  };
  const plan = (delivery: Delivery, waitMs: number): void => {
    delivery.nextAt = clock.now() + waitMs;
    onChange(delivery);
    clock.after(waitMs, () => attempt(delivery));
  };
  const release = (): void => {
    const released = held;
    held = [];
    for (const delivery of released) plan(delivery, 0);
  };
  const postAndNote = async (delivery: Delivery): Promise<number | undefined> => {
    const at = clock.now();
    const outcome = await post(delivery.url, delivery.body ?? '');
    delivery.attempts.push({ at, ...outcome });
    return outcome.status;
  };
  const attempt = async (delivery: Delivery): Promise<void> => {
    if (delivery.state !== 'waiting' || dependencies.isClosed()) return;
    const status = await postAndNote(delivery);
    if (dependencies.isClosed()) return;
    if (status !== undefined && isTaken(status)) end(delivery, 'delivered');
    else {
      const wait = RETRY_WAITS_MS[delivery.attempts.length - 1];
      if (wait === undefined) end(delivery, 'failed');
      else plan(delivery, wait);
    }
    if (delivery.attempts.length === 1) release();
  };
  const hold = (delivery: Delivery): void => {
    held.push(delivery);
    delivery.nextAt = clock.now() + LONGEST_HOLD_MS;
    onChange(delivery);
    clock.after(LONGEST_HOLD_MS, () => {
      if (held.includes(delivery)) release();
    });
  };
  const dispatch = (delivery: Delivery): void => {
    const { delayMs, reorder } = scenario().callbacks;
    const wait = delayMs === undefined ? 0 : random.between(...delayMs);
    if (random.chance(reorder)) hold(delivery);
    else plan(delivery, wait);
  };

  return {
    deliveries,
    send: (letter) => {
      const delivery = add(letter, false);
      const { lose, duplicate } = scenario().callbacks;
      if (!isUrl(letter.url)) {
        end(delivery, 'mailed');
      } else if (random.chance(lose)) {
        end(delivery, 'lost');
      } else {
        dispatch(delivery);
        if (random.chance(duplicate)) dispatch(add(letter, true));
      }
    },
    postOnce: async (letter) => {
      const delivery = add(letter, false);
      const status = await postAndNote(delivery);
      end(delivery, status !== undefined && isTaken(status) ? 'delivered' : 'failed');
      if (status === undefined) throw new Error(delivery.attempts[0]?.error ?? 'no answer');
      return status;
    },
    resume: (delivery) => {
      lastId = Math.max(lastId, delivery.id);
      deliveries.push(delivery);
      plan(delivery, Math.max(0, delivery.nextAt - clock.now()));
    },
  };
}

/** "You should respond to the POST request with a 2xx status code" (Callbacks page). */
function isTaken(status: number): boolean {
  return status >= 200 && status < 300;
}

/** An e-mail address is taken too, and gets the task by mail (Callbacks page); nobody reads mail here. */
export function isUrl(address: string): boolean {
  return /^https?:\/\//.test(address);
}
