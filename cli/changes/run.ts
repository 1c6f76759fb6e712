import { type Change, positionOf } from '../../readers/typescript/read-changes.ts';
import type { Context } from '../context.ts';
import { CommandFailure, Interrupted } from '../failure.ts';
import { jsonLine } from '../json-lines.ts';
import { tellOn } from '../output.ts';
import { growingTable } from '../table.ts';
import type { TargetOptions } from '../target.ts';
import { wholeNumber } from '../whole-number.ts';
import { withMirror } from '../with-mirror.ts';
import { createAllProjects } from './all-projects.ts';
import { createCursorFile } from './cursor-file.ts';
import { type Deal, followChanges, type FollowSettings } from './follow.ts';
import { knownProjects } from './known-projects.ts';
import { runConsumer } from './run-consumer.ts';

export interface ChangesOptions extends TargetOptions {
  readonly project?: readonly string[] | undefined;
  readonly since?: string | undefined;
  readonly cursor?: string | undefined;
  readonly run?: string | undefined;
  readonly follow?: true | undefined;
  readonly every: string;
  readonly json?: true | undefined;
}

/** `task-mirror changes`. */
export async function showChanges(context: Context, options: ChangesOptions): Promise<void> {
  const settings = settingsOf(options);
  const interrupted = AbortSignal.any([context.takeInterruption(), context.readerGone]);
  const file =
    options.cursor === undefined
      ? undefined
      : createCursorFile(options.cursor, options.project ?? null);
  const kept = await file?.read();
  const since = kept?.cursor ?? settings.since;
  const cursor = await withMirror(context, options, async (mirror) => {
    const reader = await mirror.reader();
    const { sleep } = context;
    const { project } = options;
    const all = createAllProjects({
      reader,
      known: () => (project === undefined ? knownProjects(mirror) : Promise.resolve(project)),
      // Behind a cursor nothing of any project may be left; a time is where somebody wants to begin.
      from: settings.since?.includes('#') === true ? undefined : settings.since,
      read: project ?? kept?.read,
    });
    const deal = dealWith(context, options);
    const keep = async (position: string) =>
      file?.write(position, project === undefined ? all.read : undefined);
    const changes = (from: string | undefined) => all.changes(from);
    return followChanges({ changes, deal, keep, sleep, interrupted }, { ...settings, since });
  });
  if (options.cursor === undefined && options.json !== true) sayCursor(context, cursor);
  if (interrupted.aborted) throw new Interrupted();
}

function settingsOf({
  project,
  since,
  cursor,
  run,
  follow,
  every,
}: ChangesOptions): FollowSettings {
  if (project?.includes('') === true) throw new CommandFailure('usage', '--project needs a name');
  if (cursor === '') throw new CommandFailure('usage', '--cursor needs the name of a file');
  if (run === '') throw new CommandFailure('usage', '--run needs a command');
  const seconds = wholeNumber('--every', every, { least: 1, most: 86_400 });
  return { since: checked(since), everyMs: follow === true ? seconds * 1_000 : undefined };
}

/** A cursor begins with a time. */
function checked(since: string | undefined): string | undefined {
  try {
    positionOf(since);
    return since;
  } catch (cause) {
    throw new CommandFailure('usage', `--since is neither a cursor nor a time: "${since ?? ''}"`, {
      hint: 'give a cursor of this command, or ISO 8601, such as 2026-11-21T08:00:00Z',
      cause,
    });
  }
}

/** Hands a group of changes on; false where nobody takes any more. */
function dealWith({ out, columns, flushed }: Context, { run, json }: ChangesOptions): Deal {
  if (run !== undefined) {
    return async (changes) => {
      await runConsumer(run, changes.map(jsonLine).join(''));
      return true;
    };
  }
  const toLines = growingTable(['CHANGED', 'TASK', 'STATUS', 'REVISION'], columns);
  return async (changes) => {
    out(json === true ? changes.map(jsonLine).join('') : `${toLines(changes.map(cellsOf))}\n`);
    return flushed();
  };
}

function cellsOf({ changedAt, taskId, status, revision }: Change): readonly string[] {
  return [changedAt, taskId, status, String(revision)];
}

function sayCursor(context: Context, cursor: string | undefined): void {
  tellOn(context)(
    cursor === undefined
      ? 'No changes. Those of the last 30 seconds come later; is the name of the project right?'
      : `To go on from here: --since '${cursor}'`,
  );
}
