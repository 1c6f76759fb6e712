import type { Context } from '../context.ts';
import type { TargetOptions } from '../target.ts';
import { withMirror } from '../with-mirror.ts';
import { readStatus } from './read-status.ts';
import { statusJson, statusText } from './render-status.ts';

interface StatusOptions extends TargetOptions {
  readonly json?: true | undefined;
}

export async function showStatus(context: Context, options: StatusOptions): Promise<void> {
  await withMirror(context, options, async (mirror) => {
    const status = await readStatus(mirror, context.clock.now());
    context.out(`${options.json === true ? statusJson(status) : statusText(status)}\n`);
  });
}
