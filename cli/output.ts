import type { CommandFailure } from './failure.ts';

/** Where a command writes. */
export interface Output {
  /** The result, on stdout. */
  readonly out: (text: string) => void;
  /** Progress, hints and failures, on stderr. */
  readonly err: (text: string) => void;
}

/** Text from elsewhere, without what a terminal would take for a command. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

/** How a target speaks while it works. */
export interface Voice {
  /** Progress and hints. */
  readonly tell: (line: string) => void;
  /** Which calls are made; absent unless somebody wants to know. */
  readonly trace: ((line: string) => void) | undefined;
}

/** The voice of a command, by what its options say. */
export function voiceOf(output: Output, options: { readonly verbose?: true | undefined }): Voice {
  const tell = tellOn(output);
  return { tell, trace: options.verbose === true ? tell : undefined };
}

/** A line of progress or a hint. */
export function tellOn({ err }: Output): (line: string) => void {
  return (line) => {
    err(`${printable(line)}\n`);
  };
}

/** One JSON object on stdout and nothing else there, or two lines for people on stderr. */
export function writeFailure({ out, err }: Output, failure: CommandFailure, asJson: boolean): void {
  const { code, message, hint } = failure;
  if (asJson) {
    out(`${JSON.stringify({ error: { code, message, ...(hint !== undefined && { hint }) } })}\n`);
    return;
  }
  err(`task-mirror: ${printable(message)}\n`);
  if (hint !== undefined) err(`${printable(hint)}\n`);
}
