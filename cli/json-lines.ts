/** A value as one line of JSON; what is not known is `null`, so that all lines have the same members. */
export function jsonLine(value: object): string {
  const text = JSON.stringify(value, (_, one: unknown) => (one === undefined ? null : one));
  return `${text}\n`;
}
