import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';

import { followChanges } from '../../../cli/changes/follow.ts';
import type { Change } from '../../../readers/typescript/read-changes.ts';
import { MINUTE_MS } from '../../support/worker-driver.ts';
import { aReadMirror, parsedLines } from '../a-read-mirror.ts';

let folder: string;
let cursorFile: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'changes-'));
  cursorFile = join(folder, 'cursor');
});

afterEach(() => rm(folder, { recursive: true }));

const OF_STREETS = "changes --project 'Street scenes' --local";
const other = { id: 'project_2', name: 'Faces' };

/** `a` has changed, then `b`, then `a` again, and that has settled. */
async function aMirrorWithChanges() {
  const line = await aReadMirror();
  await line.see({ task_id: 'a' });
  await line.see({ task_id: 'b', project: other });
  await line.see({ task_id: 'a', note: 1 });
  line.worker.clock.advance(MINUTE_MS);
  return line;
}

const idsIn = (stdout: string) => parsedLines(stdout).map((one) => (one as Change).taskId);

it('shows what has changed in a project, the oldest first, and how to go on', async () => {
  const line = await aMirrorWithChanges();
  const { code, stdout, stderr } = await line.run(OF_STREETS);
  expect([code, stdout]).toEqual([
    0,
    `CHANGED                   TASK  STATUS     REVISION
2026-11-21T12:03:00.000Z  a     completed  2
`,
  ]);
  expect(stderr).toBe("To go on from here: --since '2026-11-21T12:03:00.000Z#a'\n");
  const again = await line.run(`${OF_STREETS} --since '2026-11-21T12:03:00.000Z#a' --json`);
  expect(again).toMatchObject({ code: 0, stdout: '', stderr: '' });
});

it('without --project it shows all that the mirror knows, as one sequence', async () => {
  const line = await aMirrorWithChanges();
  await line.mirrorState.putSources(['project:Street scenes', 'project:Faces', 'batch:night']);
  expect(idsIn((await line.run('changes --json --local')).stdout)).toEqual(['b', 'a']);
});

describe('a project that the mirror has no id of at first', () => {
  /** `f` of Faces has changed before `a` of Street scenes; the mirror learns the id of Faces later. */
  async function aLateProject() {
    const line = await aReadMirror();
    await line.see({ task_id: 'f', project: other });
    await line.see({ task_id: 'a' });
    line.worker.clock.advance(MINUTE_MS);
    const knowsFaces = { value: false };
    const { directory } = line;
    const list: typeof directory.list = async (kind) =>
      (await directory.list(kind)).filter(({ id }) => id !== other.id || knowsFaces.value);
    line.parts.directory = async () => ({ ...directory, list });
    return { ...line, knowsFaces };
  }

  it('is read from its beginning by the next run with the same cursor file, and then no more', async () => {
    const line = await aLateProject();
    const changes = `changes --json --local --cursor ${cursorFile}`;
    expect(idsIn((await line.run(changes)).stdout)).toEqual(['a']);
    line.knowsFaces.value = true;
    const untaken = await line.run(changes, { flushed: async () => false });
    expect(idsIn(untaken.stdout)).toEqual(['f']);
    expect(idsIn((await line.run(changes)).stdout)).toEqual(['f']);
    expect(idsIn((await line.run(changes)).stdout)).toEqual([]);
    await line.see({ task_id: 'b' }, { task_id: 'g', project: other });
    line.worker.clock.advance(MINUTE_MS);
    expect(idsIn((await line.run(changes)).stdout)).toEqual(['b', 'g']);
  });

  it('is read from its beginning while others are followed', async () => {
    const line = await aLateProject();
    const controller = new AbortController();
    let waits = 0;
    const sleep = async () => {
      waits += 1;
      line.knowsFaces.value = true;
      if (waits === 3) controller.abort();
    };
    const followed = { sleep, takeInterruption: () => controller.signal };
    const { stdout } = await line.run('changes --json --local --follow', followed);
    expect(idsIn(stdout)).toEqual(['a', 'f']);
  });
});

it('a cursor in a file is where the next run goes on', async () => {
  const line = await aMirrorWithChanges();
  const changes = `${OF_STREETS} --json --cursor ${cursorFile}`;
  expect(idsIn((await line.run(changes)).stdout)).toEqual(['a']);
  expect(idsIn((await line.run(changes)).stdout)).toEqual([]);
  await line.see({ task_id: 'c' });
  line.worker.clock.advance(MINUTE_MS);
  expect(idsIn((await line.run(changes)).stdout)).toEqual(['c']);
  expect(await readdir(folder)).toEqual(['cursor']);
});

it('the cursor stands still where nobody took the lines', async () => {
  const line = await aMirrorWithChanges();
  const changes = `${OF_STREETS} --json --cursor ${cursorFile}`;
  await line.run(changes, { flushed: async () => false });
  expect(idsIn((await line.run(changes)).stdout)).toEqual(['a']);
});

it('a command that fails gets the same changes again, and those that it has done with no more', async () => {
  const line = await aMirrorWithChanges();
  const seen = join(folder, 'seen');
  const changes = (command: string) =>
    line.run(`${OF_STREETS} --cursor ${cursorFile} --run '${command}'`);
  const failed = await changes(`cat >> ${seen}; exit 3`);
  expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining('exit code 3')]);
  expect((await changes(`cat >> ${seen}`)).code).toBe(0);
  expect((await changes(`cat >> ${seen}`)).code).toBe(0);
  expect(idsIn(await readFile(seen, 'utf8'))).toEqual(['a', 'a']);
});

it('--follow goes on until it is interrupted, and ends with 130', async () => {
  const line = await aMirrorWithChanges();
  const controller = new AbortController();
  let waits = 0;
  const sleep = async () => {
    waits += 1;
    if (waits === 1) await line.see({ task_id: 'c' });
    line.worker.clock.advance(MINUTE_MS);
    if (waits === 3) controller.abort();
  };
  const { code, stdout } = await line.run(`${OF_STREETS} --follow --json`, {
    sleep,
    takeInterruption: () => controller.signal,
  });
  expect([code, idsIn(stdout)]).toEqual([130, ['a', 'c']]);
});

it('a file of other projects, or of something else, is refused', async () => {
  const line = await aMirrorWithChanges();
  await line.run(`${OF_STREETS} --cursor ${cursorFile}`);
  const faces = await line.run(`changes --project Faces --cursor ${cursorFile} --local`);
  expect([faces.code, faces.stderr]).toEqual([
    2,
    expect.stringContaining('is the cursor of "Street scenes"'),
  ]);
  await writeFile(cursorFile, JSON.stringify({ projects: ['Street scenes'], cursor: 'x#a' }));
  const garbled = await line.run(`${OF_STREETS} --cursor ${cursorFile}`);
  expect([garbled.code, garbled.stderr]).toEqual([2, expect.stringContaining('holds no cursor')]);
  await writeFile(cursorFile, 'my notes');
  const notes = await line.run(`${OF_STREETS} --cursor ${cursorFile}`);
  expect([notes.code, notes.stderr]).toEqual([2, expect.stringContaining('holds no cursor')]);
  expect(await readFile(cursorFile, 'utf8')).toBe('my notes');
});

it.each([
  ['changes --since yesterday', 'neither a cursor nor a time: "yesterday"'],
  ['changes --since 2026#a', 'neither a cursor nor a time: "2026#a"'],
  ["changes --project ''", '--project needs a name'],
  ["changes --cursor ''", '--cursor needs the name of a file'],
  ['changes --every 0', '--every must be a whole number'],
])('%s is wrong usage', async (args, says) => {
  const { code, stderr } = await (await aReadMirror()).run(`${args} --local`);
  expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
});

/** Changes of a few tasks, each a revision higher than the one before. */
const story = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 2_000 }).map((tasks) => {
  const revisions = new Map<string, number>();
  return tasks.map((taskId, at): Change => {
    const revision = (revisions.get(taskId) ?? 0) + 1;
    revisions.set(taskId, revision);
    const cursor = `${String(at).padStart(24, '0')}#${taskId}`;
    return { taskId, revision, status: 'completed', current: '', changedAt: '', cursor };
  });
});

it('whoever dies, and wherever, each change is dealt with at least once, and the last one last', async () => {
  await fc.assert(
    fc.asyncProperty(story, fc.array(fc.nat(8)), async (changes, deaths) => {
      let kept: string | undefined;
      const dealt: Change[] = [];
      let calls = 0;
      const mayDie = () => {
        if (deaths.includes((calls += 1))) throw new Error('killed');
      };
      const dependencies = {
        changes: async function* (since: string | undefined) {
          yield* changes.filter(({ cursor }) => since === undefined || cursor > since);
        },
        deal: async (group: readonly Change[]) => {
          mayDie();
          dealt.push(...group);
          mayDie();
          return true;
        },
        keep: async (cursor: string) => {
          mayDie();
          kept = cursor;
        },
        sleep: async () => undefined,
        interrupted: new AbortController().signal,
      };
      for (let lives = 0; lives <= deaths.length; lives += 1) {
        await followChanges(dependencies, { since: kept, everyMs: undefined }).catch(
          () => undefined,
        );
      }
      expect(new Set(dealt)).toEqual(new Set(changes));
      for (const taskId of new Set(changes.map((one) => one.taskId))) {
        const last = (list: readonly Change[]) => list.findLast((one) => one.taskId === taskId);
        expect(last(dealt)).toBe(last(changes));
      }
    }),
    { numRuns: 200 },
  );
});
