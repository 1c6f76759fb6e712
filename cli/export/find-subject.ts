import type { Mirror as Reader } from '../../readers/typescript/mirror.ts';
import type { SourceCoverage } from '../../readers/typescript/read-coverage.ts';
import { indexKey } from '../../shared/tasks/head-item.ts';
import { CommandFailure } from '../failure.ts';
import type { Mirror } from '../mirror.ts';
import type { Subject } from './completeness.ts';

/** A project or batch that the mirror knows. */
export interface FoundSubject {
  /** By the name that it has now. */
  readonly subject: Subject;
  /** The projects that it is of, as far as they are known before its tasks are read. */
  readonly projects: readonly string[];
  /** About so many tasks of each status. */
  readonly counts: Readonly<Record<string, number>>;
  readonly coverage: readonly SourceCoverage[];
}

/** A `CommandFailure` where the mirror knows nothing of that name. */
export async function findSubject(
  mirror: Pick<Mirror, 'directory' | 'taskIndex'>,
  reader: Pick<Reader, 'batch' | 'coverage'>,
  { kind, name }: Subject,
): Promise<FoundSubject> {
  const [coverage, found] = await Promise.all([
    reader.coverage(),
    kind === 'batch' ? findBatch(reader, name) : findProject(mirror, name),
  ]);
  const isSource = coverage.some(({ source }) => source === `${kind}:${name}`);
  if (found === undefined && !isSource) throw unknownName(kind, name);
  const nothing = { subject: { kind, name }, projects: [], counts: {} };
  return { ...nothing, ...found, coverage };
}

type Known = Omit<FoundSubject, 'coverage'>;

async function findBatch(reader: Pick<Reader, 'batch'>, name: string): Promise<Known | undefined> {
  const batch = await reader.batch(name);
  if (batch === undefined) return undefined;
  const project = batch.atScale?.project;
  return {
    subject: { kind: 'batch', name: batch.name },
    projects: project === undefined ? [] : [project],
    counts: batch.tasks,
  };
}

async function findProject(
  mirror: Pick<Mirror, 'directory' | 'taskIndex'>,
  name: string,
): Promise<Known | undefined> {
  // No key of an index: DynamoDB refuses to look for it.
  if (indexKey({ name }) === undefined) return undefined;
  const [directory, taskIndex] = await Promise.all([mirror.directory(), mirror.taskIndex()]);
  const [entry, counts] = await Promise.all([
    directory.getByName('project', name),
    taskIndex.countByStatus('project', name),
  ]);
  if (entry === undefined && counts.size === 0) return undefined;
  const present = entry?.name ?? name;
  return {
    subject: { kind: 'project', name: present },
    projects: [present],
    counts: Object.fromEntries(counts),
  };
}

function unknownName(kind: Subject['kind'], name: string): CommandFailure {
  return new CommandFailure('not-found', `the mirror knows no ${kind} "${name}"`, {
    hint: `is the name written as Scale has it? A new ${kind} is known once one of its tasks is`,
  });
}
