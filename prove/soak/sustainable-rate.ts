/** Tries a rate for some seconds; true if all was answered 2xx in time and nothing was left on the queue. */
export type TryRate = (perSecond: number) => Promise<boolean>;

const FIRST = 50;
const HIGHEST = 5_000;

/** Halvings of what is between the last rate that held and the first that did not. */
const BISECTIONS = 2;

/** The highest rate that the stack keeps up with, in callbacks a second: doubled until it does not, then in between. */
export async function findSustainableRate(tryRate: TryRate): Promise<number> {
  let held = 0;
  let failed = FIRST;
  while (await tryRate(failed)) {
    held = failed;
    if (held >= HIGHEST) return held;
    failed *= 2;
  }
  if (held === 0)
    throw new Error(`the stack does not keep up with ${String(FIRST)} callbacks a second`);
  for (let round = 0; round < BISECTIONS; round += 1) {
    const between = Math.round((held + failed) / 2);
    if (await tryRate(between)) held = between;
    else failed = between;
  }
  return held;
}
