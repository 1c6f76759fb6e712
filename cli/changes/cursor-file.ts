import { open, readFile, rename } from 'node:fs/promises';

import * as v from 'valibot';

import { positionOf } from '../../readers/typescript/read-changes.ts';
import { CommandFailure } from '../failure.ts';

/** Where a consumer is in the changes of some projects. */
interface Position {
  /** By name; `null` for all that the mirror knows. */
  readonly projects: readonly string[] | null;
  readonly cursor: string;
  /** Of all projects those that were read as far as the cursor is. */
  readonly read?: readonly string[] | undefined;
}

/** A position that outlives the process. */
export interface CursorFile {
  /** `undefined` where there is none yet. */
  read(): Promise<Pick<Position, 'cursor' | 'read'> | undefined>;
  write(cursor: string, read?: readonly string[]): Promise<void>;
}

const position = v.object({
  projects: v.nullable(v.array(v.string())),
  cursor: v.pipe(
    v.string(),
    v.transform((cursor) => positionOf(cursor)),
  ),
  read: v.optional(v.array(v.string())),
});

/** Whoever reads the file sees one whole position, whenever a writer dies: it is written beside it, and takes its place. */
export function createCursorFile(path: string, projects: readonly string[] | null): CursorFile {
  const beside = `${path}.${String(process.pid)}.tmp`;
  return {
    async read() {
      const text = await readIfThere(path);
      if (text === undefined) return undefined;
      const found = parse(path, text);
      if (sameProjects(found.projects, projects)) return found;
      throw new CommandFailure('usage', `${path} is the cursor of ${inWords(found.projects)}`, {
        hint: 'name the same projects, or another file: a cursor says nothing of others',
      });
    },

    async write(cursor, read) {
      try {
        const file = await open(beside, 'w');
        try {
          await file.writeFile(
            `${JSON.stringify({ projects, cursor, read } satisfies Position)}\n`,
          );
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(beside, path);
      } catch (error) {
        throw unusable(path, error);
      }
    },
  };
}

const notThere = v.object({ code: v.literal('ENOENT') });

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (v.is(notThere, error)) return undefined;
    throw unusable(path, error);
  }
}

function parse(path: string, text: string): Position {
  try {
    return v.parse(position, JSON.parse(text));
  } catch (cause) {
    throw new CommandFailure('usage', `${path} holds no cursor`, {
      hint: 'name a file that is not there yet; --since says from when on',
      cause,
    });
  }
}

function unusable(path: string, cause: unknown): CommandFailure {
  const why = String(cause).replace(/^Error: /, '');
  return new CommandFailure('failed', `the cursor file ${path} cannot be used: ${why}`, { cause });
}

function sameProjects(a: readonly string[] | null, b: readonly string[] | null): boolean {
  return JSON.stringify(a?.toSorted()) === JSON.stringify(b?.toSorted());
}

function inWords(projects: readonly string[] | null): string {
  return projects === null ? 'all projects' : projects.map((name) => `"${name}"`).join(', ');
}
