export interface RouteMatch<T> {
  readonly route: T;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** `{name}` stands for one part of the path, `{name+}` for all the rest. */
const PARAMETER = /^\{(\w+)(\+?)\}$/;

/** The more exact match wins. */
const EXACT = 0;
const VARIABLE = 1;
const GREEDY = 2;
const DEFAULT = 3;

/** For the method `ANY`, which gives way to one that is named. */
const ANY = 0.5;

/**
 * The route that takes a request, as an HTTP API finds it: a full match before one with a greedy variable, that before
 * `$default` (API Gateway docs, "Create routes for HTTP APIs").
 */
export function findRoute<T extends { readonly key: string }>(
  routes: readonly T[],
  method: string,
  path: string,
): RouteMatch<T> | undefined {
  return routes
    .map((route) => ({ route, ...matchKey(route.key, method, path) }))
    .filter(({ rank }) => rank !== undefined)
    .sort((one, other) => (one.rank ?? 0) - (other.rank ?? 0))
    .map(({ route, parameters = {} }) => ({ route, pathParameters: parameters }))
    .at(0);
}

interface KeyMatch {
  /** `undefined` where it does not match. */
  readonly rank?: number;
  readonly parameters?: Readonly<Record<string, string>>;
}

function matchKey(key: string, method: string, path: string): KeyMatch {
  if (key === '$default') return { rank: DEFAULT };
  const [, wanted = '', pattern = ''] = /^([A-Z]+) (\/\S*)$/.exec(key) ?? [];
  if (wanted === '') throw new Error(`cannot read the route ${key}`);
  if (wanted !== 'ANY' && wanted !== method) return {};
  const { rank, ...match } = matchPath(pattern.split('/'), path.split('/'));
  return rank === undefined ? {} : { ...match, rank: rank + (wanted === 'ANY' ? ANY : 0) };
}

function matchPath(pattern: readonly string[], parts: readonly string[]): KeyMatch {
  const parameters: Record<string, string> = {};
  for (const [index, wanted] of pattern.entries()) {
    const [, name, plus] = PARAMETER.exec(wanted) ?? [];
    const part = parts[index] ?? '';
    if (name === undefined && part !== wanted) return {};
    if (name === undefined) continue;
    parameters[name] = plus === '+' ? parts.slice(index).join('/') : part;
    if (parameters[name] === '') return {};
    if (plus === '+') return { rank: GREEDY, parameters };
  }
  if (pattern.length !== parts.length) return {};
  return { rank: Object.keys(parameters).length > 0 ? VARIABLE : EXACT, parameters };
}
