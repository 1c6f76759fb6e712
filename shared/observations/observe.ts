import * as v from 'valibot';

import { sha256 } from '../documents/digest.ts';
import { DELETED, type Head, type Interval, type Shape, type Source } from '../tasks/head.ts';
import type { Observation, ObservedDocument, OrderSettings } from './observation.ts';
import { substanceOf } from './substance.ts';
import {
  factsOf,
  ownTime,
  readReview,
  type Review,
  type ReviewObject,
  reviewObject,
  type TaskObject,
} from './task-object.ts';
import { latest, parseTime } from './times.ts';

/** A read of one task, or of the page it stood on: when the request started and the answer ended. */
export interface ReadTimes {
  readonly requestedAt: number;
  readonly respondedAt: number;
}

/** The part of an observation that a parser has found out, whatever the source. */
export interface SeenTask {
  readonly taskId: string;
  readonly task: TaskObject;
  readonly status: string;
  readonly shape: Shape;
  readonly text: string;
  readonly review: Review;
  readonly envelope?: string | undefined;
}

/**
 * A read sees a state that Scale held between the start of the request, less the time that Scale's
 * reads may lag, and the end of the answer.
 */
export function readInterval(times: ReadTimes, order: OrderSettings): Interval {
  return { from: times.requestedAt - order.settleMs, until: times.respondedAt };
}

/**
 * A callback sees a state that Scale held after the latest thing that the document says happened, less
 * the skew of the two clocks, and before the callback came.
 */
export function callbackInterval(
  seen: SeenTask,
  receivedAt: number,
  order: OrderSettings,
): Interval {
  const own = ownTime(seen.task, seen.review) ?? 0;
  return { from: Math.min(own - order.skewMs, receivedAt), until: receivedAt };
}

/** Makes the observation of a task that some source has shown. */
export function observe(seen: SeenTask, source: Source, interval: Interval): Observation {
  const { taskId, task, status, shape, review } = seen;
  const facts = factsOf(task, status, shape, review);
  return {
    taskId,
    source,
    shape,
    interval,
    facts,
    document: documentOf(seen),
    datesItself:
      status === 'completed' &&
      (review.isPresent ? review.at !== undefined : facts.completedAt !== undefined),
    lastChangedAt: latest([parseTime(task.updated_at), review.at]),
    isTest: task.is_test,
  };
}

function documentOf({ text, envelope }: SeenTask): ObservedDocument {
  return {
    text,
    sha256: sha256(text),
    substance: substanceOf(text),
    bytes: Buffer.byteLength(text, 'utf8'),
    envelope,
  };
}

/** Both reads of a task that one API had shown before answered 404: it is gone. */
export function observeDeletion(head: Head, shape: Shape, interval: Interval): Observation {
  return {
    taskId: head.taskId,
    source: 'confirm',
    shape,
    interval,
    facts: { ...head.facts, status: DELETED },
    datesItself: false,
  };
}

/** The review facts among the members beside the task. */
export function reviewBeside(members: unknown): ReviewObject {
  return v.parse(reviewObject, members);
}

/** The review of a task, by its own members and by those beside it. */
export function reviewOf(task: TaskObject, beside: readonly ReviewObject[] = []): Review {
  return readReview([task, ...beside]);
}
