import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Asks the person at the terminal; anything but `y` or `yes` means no, and so does the end of input. */
export function askAtTerminal(question: string): Promise<boolean> {
  // Without readline's own terminal handling Ctrl-C stays a signal. The question goes to stderr, since
  // stdout is for the result.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  return new Promise((resolve) => {
    lines.once('close', () => {
      resolve(false);
    });
    lines.question(`${question} [y/N] `, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      lines.close();
    });
  });
}

/** Takes what readline shows of what is typed. */
const nowhere = () =>
  new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });

/** Reads a line without showing it; empty at the end of input. Ctrl-C is the signal that it always is. */
export function readKeyAtTerminal(question: string): Promise<string> {
  process.stderr.write(question);
  const line = createInterface({ input: process.stdin, output: nowhere(), terminal: true });
  return new Promise((resolve) => {
    let isInterrupted = false;
    line.once('SIGINT', () => {
      isInterrupted = true;
      line.close();
      process.emit('SIGINT');
    });
    line.once('close', () => {
      process.stderr.write('\n');
      if (!isInterrupted) resolve('');
    });
    line.once('line', (answer) => {
      resolve(answer);
      line.close();
    });
  });
}

/** More than any key. */
const MOST_KEY_BYTES = 10_000;

/** All of stdin, as a pipe gives it. */
export async function readKeyFromStdin(): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of process.stdin) {
    if (!Buffer.isBuffer(part)) continue;
    parts.push(part);
    bytes += part.length;
    if (bytes > MOST_KEY_BYTES) break;
  }
  return Buffer.concat(parts).toString('utf8');
}
