import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import {
  type Answer,
  answerOrRefusal,
  findRoute,
  refusal,
  type SimulatedRequest,
} from './answer.ts';
import { isAuthorized } from './auth.ts';
import { controlRoutes, isControl, isFromHere } from './control.ts';
import { createFaults } from './faults.ts';
import { createPager } from './pages.ts';
import { readRequest } from './request-body.ts';
import { respond } from './respond.ts';
import { v1BatchRoutes } from './routes-v1-batches.ts';
import { v1TaskRoutes } from './routes-v1-tasks.ts';
import { v2BatchRoutes } from './routes-v2-batches.ts';
import { v2ProjectRoutes } from './routes-v2-projects.ts';
import { v2TaskRoutes } from './routes-v2-tasks.ts';
import type { Simulator } from './simulator.ts';
import { createTraffic } from './traffic.ts';
import { createVisibility } from './visibility.ts';

/** The simulator's HTTP side: Scale's API for whoever has `apiKey`, and the control API under `/_simulator`. */
export function createSimulatorServer(simulator: Simulator, apiKey: string): Server {
  const traffic = createTraffic();
  const faults = createFaults(simulator);
  const control = controlRoutes(simulator, traffic);
  const pager = createPager(simulator);
  const visibility = createVisibility(simulator);
  const scale = [
    ...v2TaskRoutes(simulator, pager, visibility),
    ...v2BatchRoutes(simulator),
    ...v2ProjectRoutes(simulator),
    ...v1TaskRoutes(simulator, pager, visibility),
    ...v1BatchRoutes(simulator, visibility),
  ];

  const answerControl = (request: SimulatedRequest, message: IncomingMessage) => {
    if (!isFromHere(message)) return refusal(403, 'the control API is for this machine only');
    const found = findRoute(control, request);
    if (found === undefined) return refusal(404, 'no such path: GET /_simulator lists all');
    return found.route.answer(request, found.parameter);
  };
  const answerScale = (request: SimulatedRequest, message: IncomingMessage) => {
    if (!isAuthorized(message.headers.authorization, apiKey)) {
      return refusal(401, 'Invalid API key');
    }
    const found = findRoute(scale, request);
    if (found === undefined) return refusal(404, 'Not found');
    return found.route.answer(request, found.parameter);
  };
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('date', new Date(simulator.world.now()).toUTCString());
    const request = await readRequest(message);
    const settle = (answer: typeof answerControl): Promise<Answer> =>
      answerOrRefusal(() => answer(request, message));
    if (isControl(request.path)) {
      await respond(response, await settle(answerControl), undefined, simulator.scenario());
      return;
    }
    const end = traffic.begin(request.method, message.url ?? '/', simulator.clock.now());
    response.once('close', () => {
      end(response.headersSent ? response.statusCode : undefined);
    });
    const rule = faults(request.method, request.path);
    const isPerformed = rule === undefined || !['status', 'html', 'reset'].includes(rule.kind);
    const answer = isPerformed ? await settle(answerScale) : undefined;
    await respond(response, answer, rule, simulator.scenario());
  };

  return createServer((message, response) => {
    serve(message, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else void respond(response, refusal(500, String(error)), undefined, simulator.scenario());
    });
  });
}
