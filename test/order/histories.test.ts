import * as fc from 'fast-check';

import { findingsOf } from '../../prove/checks.ts';
import { decideAlone, prepare } from '../../prove/decide-alone.ts';
import { startDynalite } from '../../prove/dynalite.ts';
import { histories } from '../../prove/histories.ts';
import { play } from '../../prove/play.ts';
import { prove } from '../../prove/prove.ts';
import { realisticHistories } from '../../prove/realistic.ts';
import { counterexampleOf } from '../../prove/report.ts';

jest.setTimeout(600_000);

/** More by `ORDER_RUNS`; another beginning by `ORDER_SEED`. Far more: `npm run prove`. */
const runs = Number(process.env['ORDER_RUNS'] ?? 400);
const seed = Number(process.env['ORDER_SEED'] ?? 20_261_121);

it('any history of one task ends in the state of Scale', async () => {
  const { counterexample, figures } = await prove({ runs, seed });
  expect(counterexample && counterexampleOf(counterexample)).toBeUndefined();
  expect(figures.histories).toBe(runs);
  expect(figures.observations / runs).toBeGreaterThanOrEqual(12);
});

it('so it does on a real table', async () => {
  const dynalite = await startDynalite();
  let tasks = 0;
  const options = () => ({ table: dynalite.table, taskId: `task-${(tasks += 1)}` });
  const { counterexample } = await prove({ runs: Math.ceil(runs / 100), seed, options });
  await dynalite.close();
  expect(counterexample && counterexampleOf(counterexample)).toBeUndefined();
});

it('everyday histories end right, and ask Scale for at most one observation in twenty', async () => {
  let confirms = 0;
  let observations = 0;
  for (const history of fc.sample(realisticHistories, { numRuns: runs, seed })) {
    const played = await play(history);
    expect(findingsOf(played)).toEqual([]);
    confirms += played.confirms;
    observations += played.sent.arrivals.length;
  }
  expect(confirms / observations).toBeLessThanOrEqual(0.05);
});

it('the rule alone decides what the worker decides of everyday histories', async () => {
  for (const history of fc.sample(realisticHistories, { numRuns: runs, seed })) {
    const alone = decideAlone(prepare(history));
    const { before } = await play(history);
    expect(alone?.facts.status).toBe(before.head?.facts.status);
    expect(alone?.facts.completedAt).toBe(before.head?.facts.completedAt);
  }
});

it('a history is the same one again by its seed, and plays the same way', async () => {
  const [one, same] = [1, 2].map(() => fc.sample(histories, { numRuns: 20, seed }));
  expect(one).toEqual(same);
  for (const history of one ?? []) {
    const [first, second] = [await play(history), await play(history)];
    expect(first.after.head).toEqual(second.after.head);
  }
});
