import type { DirectoryEntry } from '../../shared/coverage/directory.ts';
import { indexKey } from '../../shared/tasks/head-item.ts';
import type { Mirror } from '../mirror.ts';

const SOURCE_PREFIX = 'project:';

/**
 * The projects that the mirror has ids of, and the configured ones, by name, or as `id:<id>` while nobody knows the name. The worker
 * notes an id before it stamps a change under it, so a project that turns up later has no change behind a reader's cursor.
 */
export async function knownProjects(
  mirror: Pick<Mirror, 'directory' | 'mirrorState'>,
): Promise<readonly string[]> {
  const [directory, state] = await Promise.all([mirror.directory(), mirror.mirrorState()]);
  const [entries, sources] = await Promise.all([directory.list('project'), state.getSources()]);
  const configured = sources
    .filter((source) => source.startsWith(SOURCE_PREFIX))
    .map((source) => source.slice(SOURCE_PREFIX.length));
  return [...new Set([...entries.flatMap(keyOf), ...configured])];
}

function keyOf(entry: DirectoryEntry): readonly string[] {
  const key = indexKey(entry);
  return key === undefined ? [] : [key];
}
