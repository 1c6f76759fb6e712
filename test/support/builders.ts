import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { APIGatewayProxyEventV2, SQSRecord } from 'aws-lambda';

import { observe } from '../../shared/observations/observe.ts';
import type { Observation } from '../../shared/observations/observation.ts';
import { parseTask } from '../../shared/observations/read-task.ts';
import type { WireMessage } from '../../shared/queue/task-message.ts';
import type { Interval, Shape, Source } from '../../shared/tasks/head.ts';
import { NOON } from './fake-clock.ts';
import { sqsRecord } from '../../prove/sqs-record.ts';

/** A task of the v1 API. Give only the members that matter; `undefined` leaves one out. */
export function aV1Task(members: object = {}): Record<string, unknown> {
  return {
    task_id: 'task-1',
    created_at: '2026-11-21T10:00:00.000Z',
    completed_at: '2026-11-21T11:00:00.000Z',
    type: 'categorization',
    status: 'completed',
    project: 'Street scenes',
    response: { category: 'car' },
    ...members,
  };
}

/** A task of the v2 API, expanded as backfill asks for it. */
export function aV2Task(members: object = {}): Record<string, unknown> {
  return {
    task_id: 'task-1',
    project: { id: 'project_1', name: 'Street scenes' },
    batch: { id: 'batch_1', name: 'night' },
    status: 'completed',
    created_at: '2026-11-21T10:00:00.000Z',
    completed_at: '2026-11-21T11:00:00.000Z',
    threads: [{ id: 'thread_0', turns: [], annotations: [{ key: 'category', value: 'car' }] }],
    ...members,
  };
}

/** A callback around a v1 task, as the vendor's page shows it. */
export function aCallback(task: Record<string, unknown> = aV1Task(), beside: object = {}): string {
  return JSON.stringify({ task, response: task['response'], task_id: task['task_id'], ...beside });
}

export interface ObservationParts {
  readonly task?: object;
  readonly shape?: Shape;
  readonly source?: Source;
  /** Milliseconds after noon. */
  readonly from?: number;
  readonly until?: number;
}

/** An observation of a task, its interval in milliseconds from noon. */
export function anObservation(parts: ObservationParts = {}): Observation {
  const { shape = 'v1', source = 'callback', from = 0, until = from } = parts;
  const interval: Interval = { from: NOON + from, until: NOON + until };
  const task = shape === 'v1' ? aV1Task(parts.task) : aV2Task(parts.task);
  const seen = parseTask(JSON.stringify(task), shape);
  if (seen.kind !== 'task') throw new Error(`not a task: ${seen.reason}`);
  return observe(seen, source, interval);
}

export const CALLBACK_KEY = 'the-callback-key';

/** A callback as API Gateway hands it to ingest. */
export function aCallbackEvent(
  body: string,
  {
    key = CALLBACK_KEY,
    isBase64Encoded = false,
    requestId,
  }: { key?: string | null; isBase64Encoded?: boolean; requestId?: string | undefined } = {},
): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    routeKey: 'POST /callbacks',
    rawPath: '/callbacks',
    rawQueryString: '',
    headers: {
      'content-type': 'application/json',
      ...(key !== null && { 'scale-callback-auth': key }),
    },
    requestContext: { requestId } as APIGatewayProxyEventV2['requestContext'],
    body,
    isBase64Encoded,
  };
}

let records = 0;

/** A message as Lambda hands it to the worker, each with an id of its own. */
export function anSqsRecord(message: WireMessage): SQSRecord {
  records += 1;
  return sqsRecord(message, `message-${String(records)}`);
}

/** A payload under test/fixtures/, exactly as it stands in the file. */
export function fixture(...path: string[]): string {
  return readFileSync(join(import.meta.dirname, '..', 'fixtures', ...path), 'utf8');
}
