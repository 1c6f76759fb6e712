import type { Clock } from '../platform/clock.ts';
import type { Project } from '../scale/projects.ts';
import type { ScaleApi } from '../scale/scale-api.ts';
import type { Names } from './names.ts';

/** The account's projects; Scale is asked once a run, however many ask, and again after a failure. */
export type ListProjects = () => Promise<readonly Project[]>;

export interface ProjectListDependencies {
  readonly api: Pick<ScaleApi, 'listProjects'>;
  readonly names: Pick<Names, 'learn'>;
  readonly clock: Clock;
}

/** Lists projects on demand, and learns their names. */
export function createProjectList({ api, names, clock }: ProjectListDependencies): ListProjects {
  let listed: Promise<readonly Project[]> | undefined;
  const list = async (): Promise<readonly Project[]> => {
    const seenAt = clock.now();
    const projects = await api.listProjects();
    const seen = projects.flatMap(({ id, name }) =>
      id === undefined ? [] : [{ kind: 'project' as const, id, name }],
    );
    await names.learn(seen, seenAt);
    return projects;
  };
  return () =>
    (listed ??= list().catch((error: unknown) => {
      listed = undefined;
      throw error;
    }));
}
