import type { Shape } from '../shared/tasks/head.ts';
import { type Arrival, callbackOf, pageOf, trigger } from './arrival.ts';
import type { Document } from './documents.ts';
import type { History, Step } from './history.ts';
import { SETTLE_MS, START } from './settings.ts';
import type { World } from './world.ts';

/** What a history sends on its way, in the order of arrival. */
export interface Sent {
  readonly arrivals: readonly Arrival[];
  /** When the last step was made. */
  readonly endsAt: number;
  /** Whether a callback or a page has shown the last change. */
  readonly isLastChangeSeen: boolean;
  readonly isLastChangeAnnounced: boolean;
  /** Whether v1 has shown it: only that shape says all. */
  readonly isLastStateSeenInV1: boolean;
}

/** Lets all steps happen at Scale, and answers what reaches the mirror of it. */
export function send(history: History, world: World): Sent {
  const sending = createSending(world);
  let time = START;
  for (const step of history.steps) {
    time += step.afterMs;
    sending.take(step, time);
  }
  return { ...sending.sent(), endsAt: time };
}

function createSending(world: World) {
  const arrivals: Arrival[] = [];
  const bodies: Document[] = [];
  /** Times of the changes that were announced, and of those that a page has shown. */
  let announced = 0;
  let shown = 0;
  let shownInV1 = 0;
  const { callbackShape } = world.traits;

  const change = (step: Extract<Step, { kind: 'change' }>, time: number): void => {
    const state = world.change(step.change, time);
    if (state === undefined) return;
    const document = world.document(state, callbackShape, time);
    if (step.arrivesAfterMs.length > 0) {
      bodies.push(document);
      if (callbackShape === 'v1') shownInV1 = time;
      // v2 cannot say that a task was accepted.
      if (tellsApart(world, callbackShape, time)) announced = time;
    }
    for (const after of step.arrivesAfterMs) {
      const what = `callback of "${step.change}" (${after} ms old)`;
      arrivals.push(callbackOf(document, { at: time + after, what, world }));
    }
  };

  const page = (step: Extract<Step, { kind: 'page' }>, time: number): void => {
    const respondedAt = time + step.tookMs;
    const shownAt = Math.max(time - SETTLE_MS, respondedAt - step.lagMs);
    const document = world.read(step.shape, shownAt);
    if (document === undefined) return;
    const since = world.at(shownAt)?.since ?? 0;
    if (step.shape === 'v1') shownInV1 = Math.max(shownInV1, since);
    if (tellsApart(world, step.shape, since)) shown = Math.max(shown, since);
    const times = { requestedAt: time, respondedAt };
    arrivals.push(pageOf(document, step.shape, times, step.queuedMs));
  };

  return {
    take: (step: Step, time: number): void => {
      if (step.kind === 'change') change(step, time);
      else if (step.kind === 'page') page(step, time);
      else if (step.kind === 'trigger') arrivals.push(trigger(world, time + step.arrivesAfterMs));
      else {
        const document = bodies[step.which % Math.max(1, bodies.length)];
        const what = 'callback re-sent with its original data';
        const at = time + step.arrivesAfterMs;
        if (document !== undefined) arrivals.push(callbackOf(document, { at, what, world }));
      }
    },
    sent: (): Omit<Sent, 'endsAt'> => {
      const last = world.latest().since;
      return {
        arrivals: arrivals.toSorted((a, b) => a.at - b.at),
        isLastChangeAnnounced: announced === last,
        isLastStateSeenInV1: shownInV1 === last,
        isLastChangeSeen: announced === last || shown === last,
      };
    },
  };
}

/** Whether a shape shows the state since then otherwise than the one before it. */
function tellsApart({ states, document }: World, shape: Shape, since: number): boolean {
  const index = states.findIndex((state) => state.since === since);
  const [before, state] = [states[index - 1], states[index]];
  if (state === undefined) return false;
  return (
    before === undefined ||
    JSON.stringify(document({ ...before, updatedAt: 0 }, shape, since)) !==
      JSON.stringify(document({ ...state, updatedAt: 0 }, shape, since))
  );
}
