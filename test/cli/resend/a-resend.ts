import {
  type InMemoryTaskTable,
  inMemoryTaskTable,
} from '../../../prove/ports/in-memory-task-table.ts';
import { appliedHead } from '../../../shared/observations/next-head.ts';
import { aV1Task, aV2Task, anObservation } from '../../support/builders.ts';
import { aBatch } from '../../support/fake-batches.ts';
import { type FakeScale, fakeScale } from '../../support/fake-scale.ts';
import { aCommandLine } from '../a-context.ts';

interface Options {
  /** What becomes of a task's callback once Scale was asked to send it; without it nothing. */
  readonly onSend?: (taskId: string, resend: AResend) => unknown;
  readonly hasMirror?: boolean;
}

export interface AResend {
  readonly scale: FakeScale;
  readonly taskTable: InMemoryTaskTable;
  /** Tasks whose callback Scale was asked for, in order. */
  readonly asked: string[];
  /** Scale has a completed task in the batch `night`, and says of its callback what is given. */
  readonly atScale: (taskId: string, flag?: object) => void;
  /** The mirror writes a completion that a callback, or another source, has shown. */
  readonly stores: (taskId: string, source?: 'callback' | 'backfill') => Promise<void>;
  readonly run: (
    args: string,
    other?: object,
  ) => ReturnType<ReturnType<typeof aCommandLine>['run']>;
}

/** `task-mirror resend` on a fake Scale and a mirror in memory. */
export function aResend({ onSend = () => undefined, hasMirror = true }: Options = {}): AResend {
  const taskTable = inMemoryTaskTable();
  const line = aCommandLine(undefined, { taskTable: async () => taskTable });
  const scale = fakeScale(line.clock);
  scale.batches = [aBatch({ id: 'batch_1', name: 'night' })];
  scale.v1Pages = new Map();
  const asked: string[] = [];
  const target = {
    ...line.target,
    scale: async () => ({
      api: scale,
      scaleUrl: 'https://scale.example',
      keyAdvice: 'another key',
    }),
    mirror: hasMirror ? line.target.mirror : undefined,
    close: () => undefined,
  };
  const resend: AResend = {
    scale,
    taskTable,
    asked,
    atScale: (task_id, flag = {}) => {
      const v1 = aV1Task({ task_id, batch: 'night', ...flag });
      scale.set('v1', v1);
      const add = (pages: Map<string, string[][]>, task: object) => {
        pages.set('completed', [[...(pages.get('completed')?.[0] ?? []), JSON.stringify(task)]]);
      };
      add(scale.pages, aV2Task({ task_id }));
      add((scale.v1Pages ??= new Map<string, string[][]>()), v1);
    },
    stores: async (task_id, source = 'callback') => {
      const observation = anObservation({ source, until: 1, task: { task_id, batch: 'night' } });
      const now = line.clock.now();
      const next = appliedHead(taskTable.head(task_id), observation, { now, confirmed: true });
      await taskTable.putHead(next);
    },
    run: (args, other = {}) =>
      line.run(`resend ${args} --rate 10 ${hasMirror ? '--local' : ''}`, {
        openTarget: async () => target,
        ...other,
      }),
  };
  scale.sendCallback = async (taskId) => {
    asked.push(taskId);
    await onSend(taskId, resend);
  };
  return resend;
}
