import * as fc from 'fast-check';

import { substanceOf } from '../../shared/observations/substance.ts';
import type { Head } from '../../shared/tasks/head.ts';
import { histories, type History, play } from '../support/history.ts';
import { TASK_ID } from '../support/scale-world.ts';

type Played = Awaited<ReturnType<typeof play>>;

/** What both shapes can know of a task: status, completion time and the answer. */
interface Knowledge {
  readonly status: string;
  readonly completedAt: number | undefined;
  readonly answer: unknown;
}

/** What the mirror says of the task, and what Scale would say in the same shape. */
function compare({ world, mirror }: Played) {
  const head = headOf(mirror);
  const shape = head.documents.v2?.record === head.current ? 'v2' : 'v1';
  const current = mirror.taskTable.documents(TASK_ID).find(({ record }) => record === head.current);
  const state = world.latest();
  const atScale = JSON.stringify(world.document(state, shape));
  return {
    mirrored: {
      ...knowledge(current?.text ?? '{}'),
      status: head.facts.status,
      completedAt: head.facts.completedAt,
    },
    atScale: knowledge(atScale),
    mirroredWhole: {
      substance: substanceOf(current?.text ?? '{}'),
      reviewStatus: shape === 'v1' ? head.facts.reviewStatus : undefined,
    },
    atScaleWhole: {
      substance: substanceOf(atScale),
      reviewStatus: shape === 'v1' ? state.review?.status : undefined,
    },
  };
}

function headOf(mirror: Played['mirror']): Head {
  const head = mirror.head();
  if (head === undefined) throw new Error('the mirror does not know the task');
  return head;
}

interface TaskDocumentJson {
  readonly status: string;
  readonly completed_at?: string;
  readonly response?: { readonly answer: number };
  readonly threads?: { readonly annotations: { readonly value: number }[] }[];
}

function knowledge(json: string): Knowledge {
  const { status, completed_at, response, threads } = JSON.parse(json) as TaskDocumentJson;
  return {
    status,
    completedAt: completed_at === undefined ? undefined : Date.parse(completed_at),
    answer: response?.answer ?? threads?.[0]?.annotations[0]?.value,
  };
}

/** More by `ORDER_RUNS`; another beginning by `ORDER_SEED`. */
const numRuns = Number(process.env['ORDER_RUNS'] ?? 400);
const seed = Number(process.env['ORDER_SEED'] ?? 20_261_121);
const options: fc.Parameters<[History]> = { numRuns, seed };

describe('any history of one task, in any interleaving', () => {
  it('ends in the state of Scale, if the last change was announced or seen', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const played = await play(history);
        if (!played.isLastChangeSeen || played.mirror.head() === undefined) return;
        const { mirrored, atScale, mirroredWhole, atScaleWhole } = compare(played);
        expect({ ...mirrored, ...mirroredWhole }).toEqual({ ...atScale, ...atScaleWhole });
      }),
      options,
    );
  });

  it('ends in the state of Scale after one more v1 walk', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const played = await play(history);
        await played.mirror.walk('v1');
        const { mirrored, atScale, mirroredWhole, atScaleWhole } = compare(played);
        expect({ ...mirrored, ...mirroredWhole }).toEqual({ ...atScale, ...atScaleWhole });
      }),
      options,
    );
  });

  it('ends in all that v2 can know of the state of Scale after one more v2 walk', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const played = await play(history);
        await played.mirror.walk('v2');
        const { mirrored, atScale } = compare(played);
        expect(mirrored).toEqual(atScale);
      }),
      options,
    );
  });

  it('points only at documents that are there', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const { mirror } = await play(history);
        const stored = new Set(mirror.taskTable.documents(TASK_ID).map(({ record }) => record));
        const head = mirror.head();
        const referred = Object.values(head?.documents ?? {}).map(({ record }) => record);
        expect(
          [...referred, ...(head ? [head.current] : [])].filter((one) => !stored.has(one)),
        ).toEqual([]);
      }),
      { ...options, numRuns: Math.ceil(numRuns / 4) },
    );
  });
});
