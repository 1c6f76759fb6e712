import { rmSync } from 'node:fs';

import { RECORD_FOLDER } from './aws-calls/record.ts';
import { callsBeyond, callsIn, keepCalls, recordedCalls } from './aws-calls/recorded-calls.ts';

export default async function stopEmulators(): Promise<void> {
  for (const { close } of globalThis.emulators) await close();
  lookAtCalls();
}

/**
 * A function has called what nobody has recorded: its policy was never held to it, and deployed it would be
 * denied. What is recorded and was not called in this run is no failure, since most runs are of some files only.
 */
function lookAtCalls(): void {
  const folder = process.env[RECORD_FOLDER];
  if (folder === undefined) return;
  const calls = callsIn(folder);
  rmSync(folder, { recursive: true, force: true });
  const mode = process.env['RECORD_CALLS'];
  if (mode === 'add' || mode === 'replace') {
    keepCalls(calls, mode);
    return;
  }
  const unknown = callsBeyond(calls, recordedCalls());
  if (unknown.length === 0) return;
  throw new Error(
    `functions made calls that test/infra/recorded-calls.json does not have:\n  ${unknown.join('\n  ')}\n` +
      'If they are right: npm run record:calls, commit the file, and give each function the permission.',
  );
}
