import type { Context } from './context.ts';
import { CommandFailure } from './failure.ts';

/** How a command is asked whether it may do what cannot be undone; `what` is for who forgot to say `--yes`. */
export function consent(
  { ask }: Pick<Context, 'ask'>,
  yes: true | undefined,
  what: string,
): (question: string) => Promise<boolean> {
  if (yes === true) return () => Promise.resolve(true);
  if (ask !== undefined) return ask;
  throw new CommandFailure('usage', `${what} cannot be undone, and nobody is there to be asked`, {
    hint: 'run it in a terminal, or give --yes',
  });
}
