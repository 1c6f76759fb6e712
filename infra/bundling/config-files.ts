/**
 * Stands in the bundles in place of `node:fs/promises`, by which the SDK looks for `~/.aws/config` and `~/.aws/credentials` when it
 * is asked for a setting that is not in the environment. A function has no such files, and takes all of its settings from its
 * environment; to load the module takes 2 % of a cold start. Nothing else in the bundles reads a file.
 */
export function readFile(path: unknown): Promise<never> {
  return Promise.reject(new Error(`a function reads no files, not ${String(path)} either`));
}
