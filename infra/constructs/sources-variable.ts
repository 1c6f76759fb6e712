import type { MirrorConfig } from '../../shared/platform/mirror-config.ts';

/** Lambda allows 4 KB for all variables of a function. */
const MOST_SOURCES_BYTES = 3_000;

/** The sources as a function's variable; too many for one are refused. */
export function sourcesVariable(sources: MirrorConfig['sources']): string {
  const json = JSON.stringify(sources);
  if (Buffer.byteLength(json) > MOST_SOURCES_BYTES) {
    throw new Error(
      `the sources of the configuration take ${String(Buffer.byteLength(json))} bytes of the ` +
        `${String(MOST_SOURCES_BYTES)} that Lambda leaves room for: use {"allProjects": true}`,
    );
  }
  return json;
}
