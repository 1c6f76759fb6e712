import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { json } from 'node:stream/consumers';

import { type Listening, listen } from '../../local/listen.ts';
import type { Batch, BatchAction, BatchRef } from '../../shared/scale/batches.ts';
import { ScaleRefusedError } from '../../shared/scale/errors.ts';
import { aBatch, type FakeBatches, fakeBatches } from './fake-batches.ts';

export const SCALE_KEY = 'live_key';

export interface BatchScaleServer extends Listening {
  readonly scale: ReturnType<typeof fakeBatches>;
  /** Method, path with query, and body of every request. */
  readonly requests: string[];
  /** Answers the next requests instead, in order. */
  instead: RequestListener[];
}

/** Scale's batches on loopback, by the vendor's pages, with one batch in staging. */
export async function startBatchScale(key = SCALE_KEY): Promise<BatchScaleServer> {
  const scale = fakeBatches(aBatch());
  scale.counts.set('2026-11 night', { pending: 2, completed: 1 });
  const requests: string[] = [];
  const state: Pick<BatchScaleServer, 'instead'> = { instead: [] };
  const server = createServer((request, response) => {
    void (async () => {
      const body = request.method === 'POST' ? await json(request) : undefined;
      requests.push([request.method, request.url, JSON.stringify(body)].filter(Boolean).join(' '));
      const other = state.instead.shift();
      if (other !== undefined) other(request, response);
      else if (request.headers.authorization !== `Bearer ${key}`) send(response, 401, UNAUTHORIZED);
      else await answer(scale, request, body, response);
    })();
  });
  return Object.assign(state, await listen(server, 0, 'none'), { scale, requests });
}

const UNAUTHORIZED = { status_code: 401, error: 'Unauthorized' };

function send(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function answer(
  scale: FakeBatches,
  request: IncomingMessage,
  body: unknown,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://scale');
  const missing = (): void => {
    send(response, 404, { status_code: 404, error: 'not found' });
  };
  const [, action] = /^\/v2\/batch\/(\w+)$/.exec(url.pathname) ?? [];
  const [, name] = /^\/v1\/batches\/([^/]+)\/status$/.exec(url.pathname) ?? [];
  if (action !== undefined) {
    await change(scale, action as BatchAction, body, response);
  } else if (name !== undefined) {
    const counts = await scale.countBatchTasks(decodeURIComponent(name));
    if (counts) send(response, 200, { status: 'in_progress', ...counts });
    else missing();
  } else if (url.pathname === '/v2/batch') {
    const batch = await scale.getBatch(refOf(Object.fromEntries(url.searchParams)));
    if (batch) send(response, 200, asScale(batch));
    else missing();
  } else {
    missing();
  }
}

async function change(
  scale: FakeBatches,
  action: BatchAction,
  body: unknown,
  response: ServerResponse,
): Promise<void> {
  try {
    const { batch, message } = await scale.changeBatch(action, refOf(body));
    send(
      response,
      200,
      action === 'finalize' ? asScale(batch) : { batch: asScale(batch), message },
    );
  } catch (error) {
    if (error instanceof ScaleRefusedError) {
      send(response, error.status, { status_code: error.status, error: error.reason });
    } else {
      send(response, 502, {});
    }
  }
}

function refOf(members: unknown): BatchRef {
  const { batch_id: id, batch_name: name } = members as Record<string, string | undefined>;
  return id === undefined ? { name: name ?? '' } : { id };
}

function asScale({ id, name, project, status, createdAt, completedAt }: Batch): object {
  const times = { created_at: createdAt, ...(completedAt && { completed_at: completedAt }) };
  return { id, name, project: project.id, status, ...times, metadata: {} };
}
