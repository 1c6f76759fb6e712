import type { Context } from '../context.ts';
import { tellOn } from '../output.ts';
import type { TargetOptions } from '../target.ts';
import { withMirror } from '../with-mirror.ts';
import { addKey } from './add-key.ts';
import { fingerprintOf } from './callback-key-set.ts';
import { listKeys } from './list-keys.ts';
import { keysToJson, keysToText } from './report.ts';
import { retireKey } from './retire-key.ts';
import { setApiKey } from './set-api-key.ts';

interface KeyOptions extends TargetOptions {
  readonly json?: true | undefined;
}

/** `keys list`. */
export async function list(context: Context, options: KeyOptions): Promise<void> {
  const { out, columns } = context;
  const keys = await withMirror(context, options, (mirror) =>
    listKeys({ mirror, tell: tellOn(context) }),
  );
  out(`${options.json === true ? keysToJson(keys) : keysToText(keys, columns)}\n`);
}

/** `keys add`. */
export async function add(
  context: Context,
  options: KeyOptions & { readonly label?: string | undefined },
): Promise<void> {
  const { clock, readKey } = context;
  const { label, key } = await withMirror(context, options, async (mirror) => {
    const store = await mirror.secretStore('callbackKeys');
    return addKey({ store, clock, readKey }, options.label);
  });
  const fingerprint = fingerprintOf(key);
  write(context, options, { added: { label, fingerprint } }, `added ${label} (${fingerprint})`);
  tellOn(context)(
    'Switch Scale to it in ten seconds at the earliest, and retire the old one a day later.',
  );
}

/** `keys retire`. */
export async function retire(
  context: Context,
  called: string,
  options: KeyOptions & { readonly force?: true | undefined },
): Promise<void> {
  const { clock } = context;
  const { label, key } = await withMirror(context, options, async (mirror) => {
    const store = await mirror.secretStore('callbackKeys');
    const dependencies = { mirror, store, clock, tell: tellOn(context) };
    return retireKey(dependencies, called, options.force === true);
  });
  const fingerprint = fingerprintOf(key);
  write(context, options, { retired: { label, fingerprint } }, `retired ${label} (${fingerprint})`);
}

/** `keys set-api-key`. */
export async function replaceApiKey(
  context: Context,
  options: KeyOptions & { readonly force?: true | undefined },
): Promise<void> {
  const { readKey } = context;
  await withMirror(context, options, async (mirror, { scaleBy }) => {
    const store = await mirror.secretStore('apiKey');
    const opened = await setApiKey({ store, scaleBy, readKey }, options.force === true);
    const { world, projects } = opened;
    const what = world === 'unknown' ? 'a key' : `a ${world} key`;
    const text = `${store.id} holds ${what} now, which shows ${String(projects)} projects`;
    write(context, options, { secret: store.id, ...opened }, text);
  });
}

function write({ out }: Context, { json }: KeyOptions, result: object, text: string): void {
  out(`${json === true ? JSON.stringify(result) : text}\n`);
}
