import type { Directory, DirectoryEntry, EntityKind } from '../../shared/coverage/directory.ts';
import { createDirectory } from '../../shared/coverage/dynamo-directory.ts';
import { indexKey } from '../../shared/tasks/head-item.ts';
import type { ReaderDependencies } from './dependencies.ts';

/**
 * The keys under which tasks of a project or batch stand in an index: its name, `id:<id>` for those that nobody had the
 * name of, and after a rename for some time the former names. The present name comes last: that is where tasks move to, so who
 * reads the keys in this order misses none that moves meanwhile.
 */
export async function indexKeys(
  { dynamodb: client, mirrorStateTable: tableName }: ReaderDependencies,
  kind: EntityKind,
  name: string,
): Promise<readonly string[]> {
  // What no key can be, no task stands under, and DynamoDB refuses to look for.
  if (indexKey({ name }) === undefined) return [];
  if (tableName === undefined) return [name];
  const directory = createDirectory({ client, tableName });
  const entry = await directory.getByName(kind, name);
  if (entry === undefined) return [name];
  const former = await ownFormerNames(directory, entry);
  const keys = [indexKey({ id: entry.id }), ...former, name, entry.name];
  // Of equal keys the last place counts.
  return keys.filter((key, at) => key !== undefined && keys.lastIndexOf(key) === at).map(String);
}

/** Former names that heads may stand under still, and that no other has now: those are another's tasks. */
async function ownFormerNames(
  directory: Directory,
  { kind, id, formerNames, isSettled }: DirectoryEntry,
): Promise<readonly string[]> {
  if (isSettled) return [];
  const holders = await Promise.all(formerNames.map((name) => directory.getByName(kind, name)));
  return formerNames.filter((_, at) => (holders[at]?.id ?? id) === id);
}
