import { ScaleError } from './scale-error.ts';

/** A request to the simulator, read to its end. */
export interface SimulatedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** JSON, or `undefined` without a body. Throws a 400 for anything else. */
  readonly json: () => unknown;
}

/** What is answered: JSON, or plain text where the body is a string. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** The `limit` of a page of tasks, which may be one too large for the scenario. */
  readonly pageLimit?: number;
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** Every error of Scale's has this form (docs.scale.com/reference/errors). */
export function refusal(status: number, error: string): Answer {
  return { status, body: { status_code: status, error } };
}

/** The answer of `ask`, or the refusal that it threw. */
export async function answerOrRefusal(ask: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ScaleError) return refusal(error.status, error.message);
    throw error;
  }
}

/** One path with its parameters: `/v1/task/:id` answers by the id. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly answer: (request: SimulatedRequest, parameter: string) => Answer | Promise<Answer>;
}

/** Finds the route of a request; a path has one parameter at the most. */
export function findRoute(
  routes: readonly Route[],
  { method, path }: SimulatedRequest,
): { readonly route: Route; readonly parameter: string } | undefined {
  for (const route of routes) {
    const parameter = route.method === method ? match(route.path, path) : undefined;
    if (parameter !== undefined) return { route, parameter };
  }
  return undefined;
}

function match(pattern: string, path: string): string | undefined {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  let parameter = '';
  for (const [index, part] of wanted.entries()) {
    const actual = given[index] ?? '';
    if (part.startsWith(':') && actual !== '') parameter = decoded(actual);
    else if (part !== actual) return undefined;
  }
  return parameter;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
