/** Parameters of a query. A list becomes a repeated name, as the vendor's own client sends it. */
export type Parameters = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** The path with its query; what is not set is left out, and a space is `%20`, which any server reads. */
export function withQuery(path: string, parameters: Parameters): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const values = Array.isArray(value) ? value : [value];
    return values.map((one) => `${name}=${encodeURIComponent(String(one))}`);
  });
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

/** A value as one step of a path; `undefined` for those that no URL can name, since clients take them for steps between folders. */
export function pathStep(value: string): string | undefined {
  return value === '.' || value === '..' || value === '' ? undefined : encodeURIComponent(value);
}
