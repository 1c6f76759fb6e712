import { changeSecret } from '../../shared/platform/secret-store.ts';
import { type World, worldOf } from '../../shared/scale/world.ts';
import { toFailure } from '../batch/scale-failure.ts';
import { CommandFailure } from '../failure.ts';
import type { MirrorSecretStore } from '../mirror.ts';
import type { ScaleAccess } from '../target.ts';
import { usableKey } from '../targets/scale-client.ts';

export interface SetApiKeyDependencies {
  readonly store: MirrorSecretStore;
  readonly scaleBy: (key: string) => ScaleAccess;
  readonly readKey: (question: string) => Promise<string>;
}

/** What the new key has shown to open. */
export interface OpenedAccount {
  readonly world: World;
  readonly projects: number;
}

/** Has Scale try the key before anything is changed. */
export async function setApiKey(
  { store, scaleBy, readKey }: SetApiKeyDependencies,
  isForced: boolean,
): Promise<OpenedAccount> {
  const key = usableKey(await readKey("Scale's API key: "), 'the input');
  if (key === undefined) throw new CommandFailure('no-key', 'no key was given');
  const scale = scaleBy(key);
  const projects = await scale.api.listProjects().catch((error: unknown) => {
    throw toFailure(error, scale);
  });
  const world = worldOf(key);
  await changeSecret(store, (value) => {
    if (!isForced) requireSameWorld(worldOf(value?.trim() ?? ''), world);
    return key;
  });
  return { world, projects: projects.length };
}

/** The tables hold tasks of one world; what belongs to the other is set aside, not mirrored. */
function requireSameWorld(before: World, after: World): void {
  if (before === after || before === 'unknown' || after === 'unknown') return;
  throw new CommandFailure(
    'needs-force',
    `the mirror has a ${before} key, and this is a ${after} one`,
    {
      hint: 'a mirror holds the tasks of one world; deploy another stage for the other, or give --force',
    },
  );
}
