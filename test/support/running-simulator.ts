import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

import { listen, type Listening } from '../../local/listen.ts';
import { createManualClock } from '../../local/simulator/clock.ts';
import { createSimulatorServer } from '../../local/simulator/simulator-server.ts';
import {
  createSimulator,
  type Simulator,
  type SimulatorSettings,
} from '../../local/simulator/simulator.ts';
import { NOON } from './fake-clock.ts';

export const API_KEY = 'test_local';

export type Json = Record<string, unknown>;

export interface Answered {
  readonly status: number;
  readonly body: Json;
  readonly text: string;
  readonly headers: Headers;
}

/** The simulator over real HTTP, on a clock that stands still until the test turns it. */
export interface RunningSimulator extends Listening {
  readonly simulator: Simulator;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Answered>;
  readonly post: (path: string, body?: unknown) => Promise<Answered>;
  readonly put: (path: string, body: unknown) => Promise<Answered>;
  readonly advance: (ms: number) => Promise<void>;
}

export async function runSimulator(settings: SimulatorSettings = {}): Promise<RunningSimulator> {
  const simulator = createSimulator({ clock: createManualClock(NOON), ...settings });
  const listening = await listen(createSimulatorServer(simulator, API_KEY), 0, 'PORT');
  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answered> => {
    const response = await fetch(listening.url + path, {
      method,
      headers: { authorization: `Bearer ${API_KEY}`, connection: 'close', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const answer = await response.text();
    return {
      status: response.status,
      body: parsed(answer),
      text: answer,
      headers: response.headers,
    };
  };
  return {
    ...listening,
    close: async () => {
      await listening.close();
      simulator.close();
    },
    simulator,
    get: (path, headers) => ask('GET', path, undefined, headers),
    post: (path, body) => ask('POST', path, body),
    put: (path, body) => ask('PUT', path, body),
    advance: (ms) => simulator.clock.advance(ms),
  };
}

function parsed(answer: string): Json {
  try {
    return JSON.parse(answer) as Json;
  } catch {
    return {};
  }
}

/** The ids of a v2 page. */
export function idsOf({ body }: Answered): string[] {
  return (body['tasks'] as { task_id: string }[]).map(({ task_id }) => task_id);
}

/** Walks a v2 list to its end, but no further than `mostPages`. */
export async function walk(
  { get }: RunningSimulator,
  query: string,
  mostPages = 50,
): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = [];
  let token: string | undefined;
  for (let pages = 1; ; pages += 1) {
    const next = token === undefined ? '' : `&next_token=${token}`;
    const page = await get(`/v2/tasks?${query}${next}`);
    if (page.status !== 200) throw new Error(`page ${pages} was answered ${page.text}`);
    ids.push(...idsOf(page));
    token = page.body['next_token'] as string | undefined;
    if (token === undefined || pages === mostPages) return { ids, pages };
  }
}

export interface Receiver extends Listening {
  readonly callbacks: { readonly body: Json; readonly key: string | undefined }[];
  /** What is answered from now on; `undefined` never answers. */
  answer: number | undefined;
}

/** Somebody who receives callbacks. */
export async function startReceiver(): Promise<Receiver> {
  const callbacks: Receiver['callbacks'] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const key = request.headers['scale-callback-auth'];
      callbacks.push({ body: JSON.parse(body) as Json, key: key?.toString() });
      const { answer } = receiver;
      if (answer !== undefined) response.writeHead(answer, { connection: 'close' }).end();
    });
  });
  const receiver: Receiver = { ...(await listen(server, 0, 'PORT')), callbacks, answer: 200 };
  return receiver;
}

/** The statuses and categories of callbacks, in the order in which they came. */
export function statesOf({ callbacks }: Receiver): string[] {
  return callbacks.map(({ body }) => {
    const task = body['task'] as { status: string; response?: { category?: string } } | undefined;
    const category = task?.response?.category;
    return [task?.status ?? 'no task', ...(category === undefined ? [] : [category])].join(' ');
  });
}
