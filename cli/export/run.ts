import type { Context } from '../context.ts';
import { optionsOf, type Place, placeOf } from '../target.ts';
import { withMirror } from '../with-mirror.ts';
import { exportTasks } from './export-tasks.ts';
import { reportToJson, reportToText } from './report.ts';
import { type ExportOptions, readRequest } from './request.ts';
import { writablePath } from './write.ts';

/** `task-mirror export`. */
export async function runExport(context: Context, options: ExportOptions): Promise<void> {
  const request = readRequest(options, context.columns !== undefined);
  const path = request.out === undefined ? undefined : await writablePath(request.out);
  const place = placeOf(options, context.env);
  const report = await withMirror(context, options, (mirror) => {
    const signal = AbortSignal.any([context.takeInterruption(), context.readerGone]);
    const placeOptions = optionsOf(place);
    const mirrorName = nameOfMirror(context, place);
    return exportTasks({ context, request, path, mirrorName, placeOptions, signal }, mirror);
  });
  const print = path === undefined ? context.err : context.out;
  print(`${request.asJson ? reportToJson(report) : reportToText(report)}\n`);
}

/** The same for two runs of which the second may go on where the first was. */
function nameOfMirror({ env }: Context, place: Place): string {
  const names = ['AWS_PORT', 'AWS_REGION', 'AWS_PROFILE', 'TASKS_TABLE_NAME'];
  const set = names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
  return JSON.stringify({ ...place, ...Object.fromEntries(set) });
}
