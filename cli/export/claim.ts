import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import * as v from 'valibot';

import { toIso } from '../../shared/platform/iso.ts';
import { CommandFailure } from '../failure.ts';
import { makeFolder, writeWhole } from './write.ts';

const claim = v.object({
  version: v.literal(1),
  /** Which mirror, and which of its tasks, in words. */
  of: v.string(),
  startedAt: v.pipe(v.string(), v.isoTimestamp()),
});

/** What is older is not gone on with: its tasks would be of too different times, or forgotten meanwhile. */
const LONGEST_PAUSE_MS = 24 * 60 * 60_000;

export interface Claimed {
  /** When the export began, ISO 8601: its tasks are no older than that. */
  readonly startedAt: string;
}

/**
 * Makes a folder that of an export, of which `of` tells, or finds that it is that already. A `CommandFailure` where it is that of another.
 */
export async function claimFolder(folder: string, of: string, now: number): Promise<Claimed> {
  const file = join(folder, 'export.json');
  const stood = await readClaim(file);
  if (stood !== undefined && stood.of !== of) {
    throw new CommandFailure('usage', `${folder} holds another export, which was interrupted`, {
      hint: `it is of ${stood.of}: finish or remove it, or give another --out`,
    });
  }
  if (stood !== undefined) {
    if (now - Date.parse(stood.startedAt) < LONGEST_PAUSE_MS) return stood;
    await rm(folder, { recursive: true });
  }
  await makeFolder(folder);
  const startedAt = toIso(now);
  await writeWhole(file, JSON.stringify({ version: 1, of, startedAt }));
  return { startedAt };
}

async function readClaim(file: string): Promise<v.InferOutput<typeof claim> | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return v.parse(claim, JSON.parse(text));
  } catch (cause) {
    throw new CommandFailure('failed', `${file} is not of this version of task-mirror`, {
      hint: 'remove its folder, or give another --out',
      cause,
    });
  }
}
