/**
 * One JSON object per line: a constant message and ids.
 * Never a body, a header, a key or an e-mail address. The Powertools logger fits this port.
 */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/**
 * An error whose message is made of our own words, ids and names of sources, so that it may be logged as it
 * stands: Lambda logs whatever a handler throws.
 */
export class PlainError extends Error {}

/** What a function may throw of an error: itself if it is plain, else its name and where it was thrown. */
export function plainly(error: unknown): PlainError {
  if (error instanceof PlainError) return error;
  const plain = new PlainError(`failed ${errorPlace(error) ?? 'at an unknown place'}`);
  plain.name = errorName(error);
  return plain;
}

/** An id as Scale makes them; whatever else a callback may call its task is not for logs. */
export function loggableId(id: string): string {
  return /^[\w-]{1,64}$/.test(id) ? id : 'an id of another form';
}

/** An error's name alone: messages of foreign errors may quote what must not be logged. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/**
 * Where an error was thrown: the frames of its stack, without its message, which may quote what must not
 * be logged and may even look like a frame.
 */
export function errorPlace(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { message, stack = '' } = error;
  const at = stack.indexOf(message);
  if (at === -1) return undefined;
  const frames = stack
    .slice(at + message.length)
    .split('\n')
    .filter((line) => line.startsWith('    at '));
  return frames
    .slice(0, 4)
    .map((line) => line.trim())
    .join(' < ');
}
