import type { Clock } from '../shared/platform/clock.ts';
import { ScaleRefusedError, ScaleUnavailableError } from '../shared/scale/errors.ts';
import type { ScaleApi } from '../shared/scale/scale-api.ts';
import type { PlayClock } from './clock.ts';
import type { OwnRead } from './history.ts';
import { SETTLE_MS } from './settings.ts';
import type { World } from './world.ts';

export interface PlayScale {
  readonly api: ScaleApi;
  /** How often a task was asked for. */
  reads(): number;
  /** Whether it has said 404 of a task that was there. */
  hasLied(): boolean;
  /** Documents that were answered, as text. */
  readonly answered: ReadonlySet<string>;
}

export interface PlayScaleSettings {
  readonly world: World;
  readonly clock: PlayClock;
  /** Used in turn. */
  readonly ownReads: readonly OwnRead[];
  readonly note: (what: string) => void;
}

const NO_TROUBLE: OwnRead = { lagMs: 0, tookMs: 50, trouble: 'none' };

/** A read that takes longer is given up by the worker's client. */
const TIMEOUT_MS = 20_000;

/** A history goes wrong at most so often at Scale, so that it ends. */
const MOST_TROUBLES = 12;

/** Scale's API: reads of one task that lag, fail, and answer 404. */
export function playScale({ world, clock, ownReads, note }: PlayScaleSettings): PlayScale {
  const answered = new Set<string>();
  let reads = 0;
  let troubles = 0;
  let hasLied = false;

  const getTask: ScaleApi['getTask'] = (_taskId, shape) => {
    const { lagMs, tookMs, trouble } = ownReads[reads % ownReads.length] ?? NO_TROUBLE;
    reads += 1;
    const requestedAt = clock.now();
    if (trouble === 'not found' && !hasLied) {
      hasLied = true;
      note(`asked ${shape}: 404, which is not true`);
      return Promise.resolve(undefined);
    }
    if (trouble !== 'none' && trouble !== 'not found' && troubles < MOST_TROUBLES) {
      troubles += 1;
      clock.reach(requestedAt + (trouble === 'timed out' ? TIMEOUT_MS : tookMs));
      note(`asked ${shape}: ${trouble}`);
      return Promise.reject(errorOf(trouble));
    }
    clock.reach(requestedAt + tookMs);
    const shownAt = Math.max(requestedAt - SETTLE_MS, clock.now() - lagMs);
    const document = world.read(shape, shownAt);
    note(`asked ${shape}: ${document ? `as ${ago(clock, shownAt)} ms ago` : '404'}`);
    if (document === undefined) return Promise.resolve(undefined);
    const text = JSON.stringify(document);
    answered.add(text);
    return Promise.resolve({ text, requestedAt, respondedAt: clock.now() });
  };

  return { api: { ...nothingElse, getTask }, reads: () => reads, hasLied: () => hasLied, answered };
}

function ago(clock: Clock, time: number): number {
  return clock.now() - time;
}

function errorOf(trouble: OwnRead['trouble']): Error {
  const call = 'GET task';
  switch (trouble) {
    case 'key refused':
      return new ScaleRefusedError(call, 401);
    case 'timed out':
      return new ScaleUnavailableError(call, { trouble: 'timed out', what: 'no answer in time' });
    case 'unavailable':
      return new ScaleUnavailableError(call, { trouble: 'failed', what: '500', status: 500 });
    case 'odd error':
    case 'not found':
    case 'none':
      return new Error('something that nobody has thought of');
  }
}

const notAsked = (): Promise<never> => Promise.reject(new Error('the worker does not ask for it'));

const nothingElse: Omit<ScaleApi, 'getTask'> = {
  listTasks: notAsked,
  listV1Tasks: notAsked,
  listProjects: notAsked,
  listBatches: notAsked,
  getBatch: notAsked,
  countBatchTasks: notAsked,
  changeBatch: notAsked,
  sendCallback: notAsked,
  now: notAsked,
  clocksApartMs: () => 0,
};
