import { isDeepStrictEqual } from 'node:util';

import type { AllClients } from './clients.ts';
import type { AwsFault, Duration, Plan, ScaleFault } from './gate.ts';
import { partialOperations } from './partial-answers.ts';
import { createRig, type Rig, type RigSettings } from './rig.ts';
import { danglingPointers, stateOf } from './state.ts';

/** What a mirror goes through; the same each time. */
export interface Scenario extends Partial<RigSettings> {
  /** What was there before; nothing fails in it. */
  arrange?(rig: Rig): Promise<void>;
  act(rig: Rig): Promise<void>;
  /** What fails may come after what did not: then only what a task is in the end has to be equal. */
  readonly isOrderOpen?: boolean;
}

const awsFaults: AwsFault[] = ['throttled', 'error 500', 'error 503', 'timeout', 'reset', 'lost'];
const partial: AwsFault[] = ['in part', 'not at all'];
const scaleFaults: ScaleFault[] = [
  ...(['busy', 'busy, come again', 'error 500', 'timeout', 'reset'] as const),
  ...(['broken off', 'HTML', 'refused key'] as const),
];

/** Every fault of every call takes minutes; usually each call meets some, and all calls together each fault. */
const isThorough = process.env['FAULTS'] === 'every';

/** The faults that a call meets, `index` being its place among the calls of the scenario. */
function plansFor(call: string, index: number): Plan[] {
  const all = (faults: readonly (AwsFault | ScaleFault)[], ...durations: Duration[]) =>
    faults.flatMap((fault) => durations.map((duration) => ({ call, fault, duration })));
  const some = <Fault>(faults: readonly Fault[], step = 0): Fault[] =>
    isThorough ? [...faults] : faults.filter((_, at) => (index + step) % faults.length === at);
  if (call.startsWith('scale ')) {
    return [...all(some(scaleFaults), 'once'), ...all(some(scaleFaults, 3), 'from then on')];
  }
  const isPartial = partialOperations.some((operation) => call.startsWith(operation));
  const unheard = awsFaults.filter((fault) => fault !== 'lost');
  return [
    ...all(some(unheard), 'once'),
    ...all(some(unheard, 1), 'each try'),
    ...all(some(unheard, 2), 'from then on'),
    ...all(['lost'], 'once', 'each try'),
    ...(isPartial ? all(partial, 'once', 'from then on') : []),
  ];
}

/** Five walks ask the same of each service: of a third call and later ones the last stands for all. */
function worthTrying(calls: readonly string[]): readonly string[] {
  if (isThorough) return calls;
  const operationOf = (call: string) => call.slice(0, call.lastIndexOf(' #'));
  const last = new Map(calls.map((call) => [operationOf(call), call]));
  return calls.filter((call) => /#[12]$/.test(call) || last.get(operationOf(call)) === call);
}

/** What came of all the runs of a scenario. */
export interface Findings {
  readonly combinations: number;
  readonly problems: string[];
}

const AT_ONCE = 4;

/** Runs a scenario once without a fault, and then with each fault of each call that it made. */
export async function tryFaults(all: AllClients, scenario: Scenario): Promise<Findings> {
  return tryAll(all, scenario, (calls) => worthTrying(calls).flatMap(plansFor));
}

/** Runs a scenario with the process ending before each call that it makes, and after the last. */
export async function tryCrashes(all: AllClients, scenario: Scenario): Promise<Findings> {
  return tryAll(all, scenario, (calls) => calls.map((_, crashBefore) => ({ crashBefore })));
}

async function tryAll(
  all: AllClients,
  scenario: Scenario,
  plansOf: (calls: readonly string[]) => Plan[],
): Promise<Findings> {
  const clean = await run(all, scenario);
  const problems = clean.problems.map((problem) => `without a fault: ${problem}`);
  if (clean.rig.failures() > 0) problems.push('without a fault an invocation failed');
  const plans = plansOf(clean.calls);
  const waiting = [...plans];
  const lane = async (): Promise<void> => {
    for (let plan = waiting.shift(); plan !== undefined; plan = waiting.shift()) {
      const found = await run(all, scenario, plan);
      const label = JSON.stringify(plan);
      problems.push(...found.problems.map((problem) => `${label}: ${problem}`));
      if (found.rig.gate.hits() === 0) problems.push(`${label}: met no call`);
      if (isPassing(plan) && found.rig.failures() > 0) problems.push(`${label}: not got over`);
      const difference = differenceOf(clean.state, found.state);
      if (difference) problems.push(`${label}: ${difference}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return { combinations: plans.length, problems };
}

/** The SDK's own tries, and those of the queue's adapter, get over a fault that does not last. */
function isPassing(plan: Plan): boolean {
  return 'call' in plan && plan.duration === 'once' && !plan.call.startsWith('scale ');
}

interface Run {
  readonly rig: Rig;
  readonly calls: readonly string[];
  readonly state: object;
  readonly problems: readonly string[];
}

async function run(all: AllClients, scenario: Scenario, plan?: Plan): Promise<Run> {
  const usual = { sources: [], hasKey: true, answers: () => undefined };
  const rig = await createRig(all, { ...usual, ...scenario }, plan);
  const problems: string[] = [];
  const attempt = (act: () => Promise<void>) =>
    act().catch((error: unknown) => problems.push(String(error)));
  await scenario.arrange?.(rig);
  rig.arm();
  await attempt(() => scenario.act(rig));
  rig.recover();
  const calls = [...rig.gate.calls];
  // What failed in the scenario is looked after by the next schedule.
  await attempt(() => rig.sweep());
  problems.push(...rig.problems, ...(await danglingPointers(all.plain, rig.resources)));
  return {
    rig,
    calls,
    state: await stateOf(all.plain, rig.resources, scenario.isOrderOpen),
    problems,
  };
}

function differenceOf(clean: object, found: object): string | undefined {
  for (const [name, wanted] of Object.entries(clean)) {
    const got: unknown = Reflect.get(found, name);
    if (isDeepStrictEqual(got, wanted)) continue;
    return `${name} are ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`;
  }
  return undefined;
}
