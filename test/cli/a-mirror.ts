import type { Mirror } from '../../cli/mirror.ts';

/** A mirror of the given parts; a command that asks for another one fails. */
export function aMirror(parts: Partial<Mirror>): Mirror {
  return new Proxy(parts, {
    get: (given, name) => {
      const part: unknown = Reflect.get(given, name);
      if (part === undefined) throw new Error(`nobody gave this mirror ${String(name)}`);
      return part;
    },
  }) as Mirror;
}
