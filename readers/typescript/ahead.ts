/**
 * Maps a sequence, up to so many at once ahead of who reads it, and answers in its order. Whoever stops reading, or meets a
 * failure, hears nothing more of those that are still on their way.
 */
export async function* ahead<In, Out>(
  source: AsyncIterable<In> | Iterable<In>,
  atOnce: number,
  map: (one: In) => Promise<Out>,
): AsyncGenerator<Out> {
  const running: Promise<Out>[] = [];
  for await (const one of source) {
    const mapped = map(one);
    // It is awaited later; until then Node.js would take a failure for one that nobody handles.
    mapped.catch(() => undefined);
    running.push(mapped);
    const [first] = running;
    if (running.length < atOnce || first === undefined) continue;
    yield await first;
    void running.shift();
  }
  for (const mapped of running) yield await mapped;
}

/** A sequence in groups of so many; the last has what is left. */
export async function* inGroups<One>(
  pages: AsyncIterable<readonly One[]> | Iterable<readonly One[]>,
  size: number,
): AsyncGenerator<readonly One[]> {
  let group: One[] = [];
  for await (const page of pages) {
    for (const one of page) {
      group.push(one);
      if (group.length < size) continue;
      yield group;
      group = [];
    }
  }
  if (group.length > 0) yield group;
}
