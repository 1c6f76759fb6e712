import type { Context } from './context.ts';
import { CommandFailure, Interrupted } from './failure.ts';
import type { Mirror } from './mirror.ts';
import { voiceOf } from './output.ts';
import { placeOf, type Target, type TargetOptions } from './target.ts';
import { awsFailure } from './targets/aws-failure.ts';

/** Does the work on the mirror that the options name, and closes it. Errors of AWS become failures in words. */
export async function withMirror<Result>(
  context: Pick<Context, 'env' | 'err' | 'out' | 'openTarget'>,
  options: TargetOptions,
  work: (mirror: Mirror, target: Target) => Promise<Result>,
): Promise<Result> {
  const place = placeOf(options, context.env);
  if (place.kind === 'scale') {
    throw new CommandFailure('usage', 'this command works on a mirror, and none is named', {
      hint: 'give --local (the stack of npm start) or --stack NAME (a deployed one), or set the variables that task-mirror --help lists',
    });
  }
  const target = await context.openTarget(place, context.env, voiceOf(context, options));
  try {
    if (target.mirror === undefined) throw new Error('a place of a mirror has none');
    return await work(target.mirror, target);
  } catch (error) {
    if (error instanceof CommandFailure || error instanceof Interrupted) throw error;
    throw awsFailure(error, 'the mirror could not be worked on');
  } finally {
    target.close();
  }
}
