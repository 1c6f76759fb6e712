import type { Arrival } from './arrival.ts';
import { knownToBoth } from './known-to-both.ts';
import type { World } from './world.ts';
import { readTaskObject } from '../shared/observations/task-object.ts';
import { parseTime } from '../shared/observations/times.ts';
import { seenAt } from '../shared/queue/task-message.ts';

/** What hand-written mirrors keep of a task. */
interface Row {
  readonly status: string;
  readonly completedAt: number;
  /** When a callback was received, or a page was read. */
  readonly stampedAt: number;
  readonly knowledge: string;
}

/** Whether a row that arrives replaces the one that is held. */
type Rule = (held: Row, arrived: Row) => boolean;

/** The rules that mirrors written by hand go by. */
const commonRules = {
  'arrival order': () => true,
  'completed_at as version': (held, arrived) => arrived.completedAt >= held.completedAt,
  'completed is final': (held, arrived) =>
    held.status !== 'completed' || arrived.status === 'completed',
  'write-time stamps': (held, arrived) => arrived.stampedAt >= held.stampedAt,
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof commonRules;

export const ruleNames: readonly RuleName[] = [
  'arrival order',
  'completed_at as version',
  'completed is final',
  'write-time stamps',
];

/** The rules that end at another status, time or answer than Scale, on the same arrivals. */
export function wrongRules(arrivals: readonly Arrival[], world: World): RuleName[] {
  const rows = arrivals.flatMap(toRow);
  const rights = (['v1', 'v2'] as const).map((shape) =>
    knownToBoth(JSON.stringify(world.document(world.latest(), shape, 0))),
  );
  return ruleNames.filter((name) => {
    const end = rows.reduce<Row | undefined>(
      (held, row) => (held === undefined || commonRules[name](held, row) ? row : held),
      undefined,
    );
    return end !== undefined && !rights.includes(end.knowledge);
  });
}

function toRow({ origin, document }: Arrival): Row[] {
  if (document === undefined) return [];
  const task = readTaskObject(JSON.parse(document.text));
  return [
    {
      status: task?.status ?? '',
      completedAt: parseTime(task?.completed_at) ?? 0,
      stampedAt: seenAt(origin),
      knowledge: knownToBoth(document.text),
    },
  ];
}
