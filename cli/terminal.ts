import { createInterface } from 'node:readline';

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
