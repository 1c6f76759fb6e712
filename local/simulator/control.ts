import type { IncomingMessage } from 'node:http';

import * as v from 'valibot';

import * as inputs from './action-inputs.ts';
import { ok, type Route, type SimulatedRequest } from './answer.ts';
import { batchControl } from './control-batches.ts';
import { taskControl } from './control-tasks.ts';
import { readInput } from './input.ts';
import { badRequest } from './scale-error.ts';
import { loadScenario, scenario, ScenarioError, scenarioNames } from './scenario.ts';
import type { Simulator } from './simulator.ts';
import type { Traffic } from './traffic.ts';

const turn = v.strictObject({ advanceMs: v.pipe(v.number(), v.integer(), v.minValue(0)) });
const nullableUrl = v.strictObject({ url: v.nullable(v.pipe(v.string(), v.nonEmpty())) });

const PREFIX = '/_simulator';

export function isControl(path: string): boolean {
  return path === PREFIX || path.startsWith(`${PREFIX}/`);
}

/** Neither a web page that someone has open nor a name that resolves to loopback may steer. */
export function isFromHere({ headers }: IncomingMessage): boolean {
  return (
    headers.origin === undefined && /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? '')
  );
}

/** The control API: everything that can happen at Scale, and how Scale misbehaves. No key. */
export function controlRoutes(simulator: Simulator, traffic: Traffic): Route[] {
  const routes = [
    ...stateRoutes(simulator, traffic),
    ...batchControl(simulator),
    ...taskControl(simulator),
  ];
  const list = routes.map(({ method, path }) => `${method} ${path}`);
  const index: Route = {
    method: 'GET',
    path: PREFIX,
    answer: () => ok({ endpoints: list, scenarios: scenarioNames(), ...stateOf(simulator) }),
  };
  return [index, ...routes];
}

function stateRoutes(simulator: Simulator, traffic: Traffic): Route[] {
  const { clock, outbox } = simulator;
  return [
    {
      method: 'GET',
      path: `${PREFIX}/deliveries`,
      answer: ({ query }) => {
        const [taskId, state] = [query.get('taskId'), query.get('state')];
        const deliveries = outbox.deliveries.filter(
          (one) => (taskId === null || one.taskId === taskId) && (!state || one.state === state),
        );
        return ok({ deliveries });
      },
    },
    { method: 'GET', path: `${PREFIX}/requests`, answer: () => ok(traffic.report()) },
    {
      method: 'DELETE',
      path: `${PREFIX}/requests`,
      answer: () => {
        traffic.forget();
        return ok(traffic.report());
      },
    },
    { method: 'GET', path: `${PREFIX}/clock`, answer: () => ok(timeOf(simulator)) },
    {
      method: 'POST',
      path: `${PREFIX}/clock`,
      answer: async ({ json }) => {
        await clock.advance(readInput(turn, json()).advanceMs);
        return ok(timeOf(simulator));
      },
    },
    { method: 'GET', path: `${PREFIX}/scenario`, answer: () => ok(simulator.scenario()) },
    {
      method: 'PUT',
      path: `${PREFIX}/scenario`,
      answer: (request) => setScenario(simulator, request),
    },
    {
      method: 'PUT',
      path: `${PREFIX}/callback-url`,
      answer: ({ json }) => {
        const { url } = readInput(nullableUrl, json());
        simulator.setCallbackUrl(url ?? undefined);
        return ok({ url });
      },
    },
    {
      method: 'POST',
      path: `${PREFIX}/projects`,
      answer: ({ json }) =>
        ok(simulator.places.createProject(readInput(inputs.newProject, json()))),
    },
    {
      method: 'POST',
      path: `${PREFIX}/projects/:idOrName/rename`,
      answer: ({ json }, project) =>
        ok(simulator.places.renameProject(project, readInput(inputs.newName, json()).name)),
    },
  ];
}

/** A whole scenario, or `{"named": "bad-day"}` for one of those that come with the simulator. */
function setScenario(simulator: Simulator, { json }: SimulatedRequest) {
  const body = json();
  if (v.is(v.object({ named: v.string() }), body)) {
    const { named } = readInput(v.strictObject({ named: v.picklist(scenarioNames()) }), body);
    simulator.setScenario(loaded(named));
  } else {
    simulator.setScenario(readInput(scenario, body));
  }
  return ok(simulator.scenario());
}

function loaded(name: string) {
  try {
    return loadScenario(name);
  } catch (error) {
    throw error instanceof ScenarioError ? badRequest(error.message) : error;
  }
}

function timeOf({ world, clock }: Simulator) {
  return { now: new Date(world.now()).toISOString(), turnedMs: clock.turnedMs() };
}

function stateOf(simulator: Simulator) {
  const { world, outbox } = simulator;
  return {
    ...timeOf(simulator),
    callbackUrl: simulator.callbackUrl() ?? null,
    seed: simulator.seed,
    projects: world.projects.size,
    batches: world.batches.size,
    tasks: world.tasks.size,
    deliveriesWaiting: outbox.deliveries.filter(({ state }) => state === 'waiting').length,
  };
}
