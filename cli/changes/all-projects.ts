import type { Mirror as Reader } from '../../readers/typescript/mirror.ts';
import { type Change, positionOf, timeOfPosition } from '../../readers/typescript/read-changes.ts';

/** The changes of all projects that a mirror knows, of which more may turn up. */
export interface AllProjects {
  /** What has changed since a position. */
  changes(since: string | undefined): AsyncIterable<Change>;
  /** The projects that were read as far as the position is; what was handed out before counts as dealt with. */
  readonly read: readonly string[] | undefined;
}

interface AllProjectsSettings {
  readonly reader: Pick<Reader, 'changes'>;
  readonly known: () => Promise<readonly string[]>;
  /** Where a project begins that turns up; `undefined` for its first change. */
  readonly from: string | undefined;
  /** What was read by whoever kept the position; `undefined` where nobody knows. */
  readonly read: readonly string[] | undefined;
}

/**
 * A project may have changes before the mirror has an id of it, as when callbacks of Scale's v1 name it. They stand behind the
 * position by the time that it turns up, so it is read from its beginning then, up to the position.
 */
export function createAllProjects({
  reader,
  known,
  from,
  ...settings
}: AllProjectsSettings): AllProjects {
  let read = settings.read;
  return {
    get read() {
      return read;
    },
    async *changes(since) {
      const project = await known();
      const fresh = project.filter((one) => read?.includes(one) === false);
      if (since !== undefined && fresh.length > 0) {
        for await (const change of reader.changes({ project: fresh, since: from })) {
          if (change.changedAt > timeOfPosition(positionOf(since))) break;
          yield { ...change, cursor: since };
        }
      }
      read = project;
      yield* reader.changes({ project, since });
    },
  };
}
