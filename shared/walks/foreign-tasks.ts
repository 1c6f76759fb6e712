import { pickMembers } from '../documents/pick-members.ts';
import { PlainError } from '../platform/log.ts';
import { readNamed } from '../observations/task-object.ts';
import type { EntityKind } from '../coverage/directory.ts';
import type { Named, Shape } from '../tasks/head.ts';
import type { Source } from './sources.ts';

/** A project or batch as a list or an expanded answer shows it. */
export interface SeenName {
  readonly kind: EntityKind;
  readonly id: string;
  readonly name: string;
}

/** Answers the ids of a name: of several that have it, as one that was removed and made anew, each counts. */
export type IdsOf = (kind: EntityKind, name: string) => readonly string[];

/** Scale listed tasks of another project or batch, as an API does that ignores a filter it does not know. */
export class ForeignTasksError extends PlainError {
  override readonly name = 'ForeignTasksError';

  constructor({ kind, name }: Source, count: number) {
    super(
      `Scale listed ${String(count)} tasks that do not belong to the ${kind} "${name}"; they were ` +
        'refused. Is its name spelt as in Scale? Else tell Scale that the filter is ignored',
    );
  }
}

export interface SortedPage {
  readonly ours: readonly string[];
  readonly foreign: readonly string[];
  /** What the tasks say of the names of projects and batches. */
  readonly seen: readonly SeenName[];
}

/** Parts the tasks of a page into those of the source and others, by what each says of itself. */
export function sortOut(
  tasks: readonly string[],
  api: Shape,
  source: Source,
  idsOf: IdsOf,
): SortedPage {
  const ours: string[] = [];
  const foreign: string[] = [];
  const seen: SeenName[] = [];
  for (const task of tasks) {
    const found = namesIn(task, api);
    seen.push(
      ...kinds.flatMap((kind) => {
        const { id, name } = found[kind];
        return id === undefined || name === undefined ? [] : [{ kind, id, name }];
      }),
    );
    (isOf(source, found[source.kind], idsOf) ? ours : foreign).push(task);
  }
  return { ours, foreign, seen };
}

const kinds = ['project', 'batch'] as const;

function namesIn(task: string, api: Shape): Record<EntityKind, Named> {
  const { project, batch } = pickMembers(task, kinds);
  return { project: readNamed(project, api), batch: readNamed(batch, api) };
}

/** A task that does not say where it belongs is believed to be what was asked for. */
function isOf({ kind, name }: Source, seen: Named, idsOf: IdsOf): boolean {
  if (seen.name !== undefined) return sameName(seen.name, name);
  const ids = idsOf(kind, name);
  return seen.id === undefined || ids.length === 0 || ids.includes(seen.id);
}

/** Whether Scale tells upper and lower case apart in a filter is not documented. */
function sameName(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}
