import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type HostedFunction, hostFunction } from '../../../local/functions/function-host.ts';

const HANDLER = `
  let calls = 0;
  let running = 0;
  const hoard = [];
  exports.handler = async ({ act }) => {
    const call = (calls += 1);
    if (act === 'hoard') for (;;) hoard.push(new Array(100_000).fill({ calls }));
    if (act === 'exit') process.exit(7);
    if (act === 'throw') throw new TypeError('no');
    running += 1;
    const seen = running;
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    return { calls: call, running: seen };
  };`;

let assetPath: string;
let hosted: HostedFunction;

beforeEach(async () => {
  assetPath = await mkdtemp(join(tmpdir(), 'mirror-host-'));
  await writeFile(join(assetPath, 'index.js'), HANDLER);
  hosted = await hostFunction({
    name: 'Odd',
    assetPath,
    variables: {},
    timeoutMs: 20_000,
    memoryMb: 64,
    logFile: undefined,
    onLine: () => undefined,
  });
});
afterEach(async () => {
  await hosted.stop();
  await rm(assetPath, { recursive: true, force: true });
});

describe('a function that dies fails its own calls, and the next call has a new one', () => {
  it.each([
    ['for want of memory', 'hoard', 'ERR_WORKER_OUT_OF_MEMORY'],
    ['by leaving', 'exit', 'Odd exited with 7'],
  ])('%s', async (_, act, reason) => {
    expect(await hosted.invoke('{"act":"count"}')).toMatchObject({ calls: 1 });
    const dying = await hosted.invoke(JSON.stringify({ act })).catch((error: unknown) => error);
    expect(`${String(Reflect.get(dying as object, 'code'))} ${String(dying)}`).toContain(reason);
    expect(await hosted.invoke('{"act":"count"}')).toMatchObject({ calls: 1 });
  });
});

it('a function that throws stays, and its error has its name', async () => {
  await expect(hosted.invoke('{"act":"throw"}')).rejects.toMatchObject({ name: 'TypeError' });
  expect(await hosted.invoke('{"act":"count"}')).toMatchObject({ calls: 2 });
});

it('works off any number of calls, a few at once', async () => {
  const calls = Array.from({ length: 50 }, () => hosted.invoke('{"act":"count"}'));
  const answers = (await Promise.all(calls)) as { calls: number; running: number }[];
  expect(answers.map(({ calls: number }) => number).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 50 }, (_, index) => index + 1),
  );
  expect(Math.max(...answers.map(({ running }) => running))).toBe(4);
});
