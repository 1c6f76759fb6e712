/** Parameters of a query. A list becomes a repeated name, as the vendor's own client sends it. */
export type Parameters = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/**
 * A text as one step of a path. `undefined` where no path can name it: however written, a URL takes `.` and `..`
 * for steps between folders, nothing would name the folder, and half a surrogate pair has no bytes.
 */
export function pathStep(text: string): string | undefined {
  const isNameable = text.isWellFormed() && !['', '.', '..'].includes(text);
  return isNameable ? encodeURIComponent(text) : undefined;
}

/** The path with its query; what is not set is left out, and a space is `%20`, which any server reads. */
export function withQuery(path: string, parameters: Parameters): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const values = Array.isArray(value) ? value : [value];
    return values.map((one) => `${name}=${encodeURIComponent(String(one))}`);
  });
  return `${path}?${pairs.join('&')}`;
}
