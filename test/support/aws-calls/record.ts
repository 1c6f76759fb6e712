import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';

/** Names the folder to which the functions of this run write what they call. */
export const RECORD_FOLDER = 'RECORD_AWS_CALLS_TO';

const seen = new Set<string>();

/** Notes that a function used a permission; written at once, since its process may be killed next. */
export function recordUses(folder: string, functionName: string, uses: readonly string[]): void {
  for (const use of uses) {
    const line = `${functionName} ${use}\n`;
    if (seen.has(line)) continue;
    seen.add(line);
    mkdirSync(folder, { recursive: true });
    appendFileSync(join(folder, `${String(process.pid)}-${String(threadId)}.txt`), line);
  }
}
