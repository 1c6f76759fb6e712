import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import * as v from 'valibot';

/** Starts an engine in a process of its own, and answers what it tells of itself. */
export async function startEngine<Told>(
  settings: object,
  told: v.GenericSchema<unknown, Told>,
  program = join(import.meta.dirname, 'engines.ts'),
): Promise<Told & { stop: () => void }> {
  const child = fork(program);
  child.send(settings);
  const first: unknown[] = await once(child, 'message');
  const urls = v.parse(told, first[0]);
  return Object.assign({}, urls, {
    stop: () => {
      child.disconnect();
    },
  });
}
