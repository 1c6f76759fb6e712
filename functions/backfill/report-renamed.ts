import { PlainError } from '../../shared/platform/log.ts';
import { ScaleRefusedError } from '../../shared/scale/errors.ts';
import type { Failures } from '../../shared/walks/failures.ts';
import type { Names } from '../../shared/walks/names.ts';
import type { ListProjects } from '../../shared/walks/project-list.ts';
import type { Source } from '../../shared/walks/sources.ts';

export interface ReportRenamedDependencies {
  readonly names: Pick<Names, 'presentNameOf'>;
  readonly listProjects: ListProjects;
  readonly failures: Pick<Failures, 'report'>;
}

/** A source whose name Scale does not know any more. */
class SourceRenamedError extends PlainError {
  override readonly name = 'SourceRenamedError';

  constructor({ kind, name }: Source, presentName: string) {
    super(
      `Scale calls the ${kind} "${name}" by the name "${presentName}" now: write that in "sources" of the ` +
        'configuration and deploy. Its tasks move to the new name by themselves, and are walked once more',
    );
  }
}

/**
 * Says of the sources that Scale did not find which were renamed, and how. They are not followed to the new name: whether
 * the configuration means the project or whatever has its name is for its owner to say.
 */
export async function reportRenamed(
  { names, listProjects, failures }: ReportRenamedDependencies,
  notFound: ReadonlySet<Source>,
): Promise<void> {
  for (const source of notFound) {
    // The list teaches the present names of projects; those of batches are learnt from their tasks.
    if (source.kind === 'project') await listProjects().catch(() => []);
    const presentName = names.presentNameOf(source.kind, source.name);
    if (presentName !== undefined) {
      failures.report(source.id, new SourceRenamedError(source, presentName));
    }
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ScaleRefusedError && error.isNotFound;
}
