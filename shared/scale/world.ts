/** Live and test mode are two worlds; which one a key opens is in its prefix. */
export type World = 'live' | 'test' | 'unknown';

/** The key of the built-in simulator, which belongs to neither world. */
const SIMULATOR_KEY = 'test_local';

/** Scale's keys begin with `live_` or `test_`. */
export function worldOf(apiKey: string): World {
  if (apiKey === SIMULATOR_KEY) return 'unknown';
  if (apiKey.startsWith('live_')) return 'live';
  return apiKey.startsWith('test_') ? 'test' : 'unknown';
}
