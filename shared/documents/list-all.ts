import type { Bodies, ListedBody } from './bodies.ts';

/** All objects whose key begins with `prefix`, a thousand at a time. */
export async function* listAll(
  bodies: Pick<Bodies, 'list'>,
  prefix: string,
): AsyncGenerator<readonly ListedBody[]> {
  for (let after: string | undefined; ;) {
    const page = await bodies.list(prefix, after);
    if (page.length === 0) return;
    yield page;
    after = page.at(-1)?.key;
  }
}
