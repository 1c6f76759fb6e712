import type { Batch, BatchRef } from '../../shared/scale/batches.ts';
import type { Context } from '../context.ts';
import { CommandFailure } from '../failure.ts';
import { tellOn } from '../output.ts';
import { optionsOf, type Place, placeOf, type TargetOptions } from '../target.ts';
import type { BatchReport, ChangeDependencies } from './change-batch.ts';
import { toJson, toText } from './report.ts';
import { toFailure } from './scale-failure.ts';

export interface BatchOptions extends TargetOptions {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly json?: true | undefined;
}

/** Does the work on the target and the batch that the options name, and prints what became of it. */
export async function run(
  context: Context,
  options: BatchOptions,
  work: (dependencies: ChangeDependencies, ref: BatchRef) => Promise<BatchReport>,
): Promise<void> {
  const ref = refOf(options);
  const { clock, sleep, env, out } = context;
  const place = placeOf(options, env);
  const tell = tellOn(context);
  const target = await context.openTarget(place, env, tell);
  const confirm = () => Promise.resolve(false);
  try {
    const [scale, book] = await Promise.all([target.scale(), target.mirror?.batchBook()]);
    const dependencies = {
      ...{ api: scale.api, book, clock, sleep, tell, confirm },
      ...commandsOf(place),
    };
    const report = await work(dependencies, ref).catch((error: unknown) => {
      throw toFailure(error, scale);
    });
    out(`${options.json === true ? toJson(report) : toText(report)}\n`);
  } finally {
    target.close();
  }
}

/** Commands that hints name, for the same place. */
function commandsOf(place: Place): Pick<ChangeDependencies, 'showCommand' | 'trackCommand'> {
  const show = ({ id }: Batch) => `task-mirror batch show --id ${id}`;
  const options = optionsOf(place);
  return {
    showCommand: (batch) => show(batch) + options,
    trackCommand: (batch) =>
      `${show(batch)} --track${place.kind === 'scale' ? ' --stack NAME (or --local)' : options}`,
  };
}

/** Exactly one of the two, as the vendor's page asks for. */
function refOf({ id, name }: BatchOptions): BatchRef {
  if (id !== undefined && name === undefined && id !== '') return { id };
  if (name !== undefined && id === undefined && name !== '') return { name };
  throw new CommandFailure('usage', 'give exactly one of --id and --name, and not an empty one', {
    hint: 'add --help to see an example',
  });
}
