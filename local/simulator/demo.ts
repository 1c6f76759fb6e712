import { createRandom, type Random } from './random.ts';
import type { Simulator } from './simulator.ts';

/** How often something happens. */
const BEAT_MS = 2_000;

const PROJECT = 'Street scenes';
const BATCH = 'demo batch';
const ANSWERS = ['car', 'tree', 'sign', 'person', 'bicycle'];

/** More open tasks than this are not made. */
const MOST_OPEN = 5;

/**
 * Lets a small world live: tasks are created, completed, audited, recalled from time to time, and now and
 * then one fails or is canceled. `say` hears of each step.
 */
export function startDemo(simulator: Simulator, say: (line: string) => void): void {
  const random = createRandom(simulator.seed, 'demo');
  const beat = (): void => {
    say(step(simulator, random));
    simulator.clock.after(BEAT_MS, beat);
  };
  beat();
}

/** One thing that happens; the chances lean towards completion. */
function step(simulator: Simulator, random: Random): string {
  const { tasks, world } = simulator;
  const projectId = world.projectNamed(PROJECT)?.id;
  const all = [...world.tasks.values()].filter((task) => task.projectId === projectId).slice(-50);
  const open = all.filter(({ state }) => state.status === 'pending');
  const done = all.filter(({ state }) => state.status === 'completed');
  const one = <T>(list: readonly T[]): T | undefined => list[random.between(0, list.length - 1)];
  const [pending, completed, answer] = [one(open), one(done), one(ANSWERS) ?? ''];
  const chance = random.next();
  if (pending === undefined || (open.length < MOST_OPEN && chance < 0.35)) {
    const generation = random.chance(0.5) ? 'genai' : 'data-engine';
    const { id } = tasks.create({ project: PROJECT, batch: BATCH, generation });
    return `${id} is created (${generation})`;
  }
  if (completed !== undefined && chance > 0.92) {
    tasks.recall(completed.id);
    return `${completed.id} is recalled`;
  }
  if (completed !== undefined && chance > 0.75) {
    const result = one(['accepted', 'rejected', 'fixed'] as const) ?? 'accepted';
    tasks.audit(completed.id, { result, answer });
    return `${completed.id} is audited: ${result}`;
  }
  if (chance < 0.38) {
    tasks.fail(pending.id);
    return `${pending.id} is an error`;
  }
  if (chance < 0.41) {
    tasks.cancel(pending.id);
    return `${pending.id} is canceled (no callback)`;
  }
  tasks.complete(pending.id, { answer });
  return `${pending.id} is completed`;
}
