import type { AccountBook } from '../../shared/coverage/mirror-state.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { ScaleRefusedError } from '../../shared/scale/errors.ts';
import { printable } from '../output.ts';
import type { ScaleAccess } from '../target.ts';
import { failed, type Finding, ok, skipped } from './check.ts';

/** That Scale takes the key. */
export async function keyIsValid({ api, keyAdvice }: ScaleAccess): Promise<Finding> {
  try {
    const projects = await api.listProjects();
    return ok(`Scale takes the API key, and shows ${String(projects.length)} projects`);
  } catch (error) {
    if (!(error instanceof ScaleRefusedError) || !error.isUnauthorized) throw error;
    return failed(`Scale answered ${String(error.status)} to the API key`, keyAdvice);
  }
}

/** That Scale knows every source by its name. */
export async function sourcesExist(
  { api }: Pick<ScaleAccess, 'api'>,
  mirrorState: Pick<AccountBook, 'getSources'>,
): Promise<Finding> {
  const sources = await mirrorState.getSources();
  if (sources.length === 0) {
    return skipped('no backfill has run yet, so nobody has noted the sources');
  }
  const projects = new Set((await api.listProjects()).map(({ name }) => `project:${name}`));
  const unknown: string[] = [];
  for (const source of sources) {
    const isKnown = source.startsWith('batch:')
      ? (await api.getBatch({ name: source.slice('batch:'.length) })) !== undefined
      : projects.has(source);
    if (!isKnown) unknown.push(source);
  }
  if (unknown.length === 0) return ok(`Scale knows all ${String(sources.length)} sources`);
  return failed(
    `Scale does not know ${unknown.map(printable).join(', ')}`,
    'is the name spelt as in Scale, and was it renamed? Correct "sources" in the configuration, and deploy',
  );
}

/** As `order.skewMs` has it, unless the configuration says otherwise. */
const MOST_SKEW_MS = 5_000;

/** Scale's `Date` counts whole seconds. */
const ROUNDING_MS = 1_000;

/** That the clocks of Scale and of this machine agree. */
export async function clocksAgree(
  { api }: Pick<ScaleAccess, 'api'>,
  clock: Clock,
): Promise<Finding> {
  const scale = await api.now();
  const apartMs = Math.abs(scale - clock.now());
  const apart = `${(apartMs / 1_000).toFixed(1)} s apart`;
  if (apartMs <= MOST_SKEW_MS + ROUNDING_MS) return ok(`Scale's clock and this one are ${apart}`);
  return failed(
    `Scale's clock and this one are ${apart}`,
    'set the clock of this machine; if that is right, raise "order.skewMs" in the configuration',
  );
}
