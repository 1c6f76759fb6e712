import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { aV2Task } from '../../support/builders.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aBackfillMessage } from '../../support/worker-driver.ts';
import { aStoredMirror } from '../a-stored-mirror.ts';

const run = promisify(execFile);
const ROOT = join(__dirname, '..', '..', '..');

let project: string;

/** A project elsewhere, after `npm install <path of this one>`, which links it. */
beforeAll(async () => {
  await run(process.execPath, [join(ROOT, 'readers', 'build.js')]);
  project = await mkdtemp(join(tmpdir(), 'downstream-'));
  await mkdir(join(project, 'node_modules'));
  await symlink(ROOT, join(project, 'node_modules', 'scale-task-mirror'));
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
}, 60_000);

afterAll(() => rm(project, { recursive: true }));

/** Runs a program there as a Node.js does that knows no TypeScript; answers what it prints. */
async function runThere(program: string, ...args: string[]): Promise<string> {
  await writeFile(join(project, 'job.js'), program);
  const options = { cwd: project, env: process.env };
  const plain = ['--no-experimental-strip-types', 'job.js', ...args];
  return (await run(process.execPath, plain, options)).stdout;
}

test('a job of another project reads the tasks of a batch', async () => {
  const { worker, names } = await aStoredMirror();
  await worker.deliver(aBackfillMessage(aV2Task(), { requestedAt: NOON }));

  const printed = await runThere(
    `import { openMirror } from 'scale-task-mirror/reader';
    const [tasksTable, mirrorStateTable] = process.argv.slice(2);
    const mirror = await openMirror({ tasksTable, mirrorStateTable });
    const tasks = mirror.tasks({ batch: 'night', status: 'completed' }, { documents: true });
    for await (const { taskId, document } of tasks) {
      console.log(taskId, document.parse().threads[0].annotations[0].value);
    }
    mirror.close();`,
    names.tasksTable,
    names.mirrorStateTable,
  );

  expect(printed).toBe('task-1 car\n');
});

test('of the AWS SDK only the client of DynamoDB is loaded at first, and nothing of CDK', async () => {
  const printed = await runThere(
    `import { registerHooks } from 'node:module';
    const seen = new Set();
    registerHooks({ resolve: (name, context, next) => {
      if (context.parentURL?.includes('/readers/')) seen.add(name);
      return next(name, context);
    } });
    await import('scale-task-mirror/reader');
    console.log([...seen].filter((name) => !name.startsWith('node:')).join());`,
  );
  expect(printed).toBe('@aws-sdk/client-dynamodb\n');
});

test('its types are there, and fit the program of another project', async () => {
  await writeFile(
    join(project, 'job.ts'),
    `import { openMirror, type TaskHead, type V2Task } from 'scale-task-mirror/reader';
    const mirror = await openMirror({ stack: 'ScaleTaskMirror' });
    const heads: TaskHead[] = [];
    for await (const head of mirror.tasks({ project: 'p' }, { heads: true })) heads.push(head);
    for await (const { document } of mirror.tasks({ batch: 'b' }, { documents: true })) {
      if (document.api === 'v1') continue;
      const task: V2Task<number | bigint> = document.parse('bigint');
      const temperature: number | bigint | undefined =
        task.threads?.[0]?.turns?.[0]?.messages?.[0]?.model_parameters?.temperature;
      console.log(temperature, task['anything new']);
      // @ts-expect-error It comes with heads alone.
      document.project;
    }
    // @ts-expect-error A batch or a project, not both.
    mirror.tasks({ project: 'p', batch: 'b' });`,
  );
  const tsc = join(ROOT, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
  const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022'];
  const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules', '@types')];
  const result = run(process.execPath, [tsc, ...flags, ...types, 'job.ts'], { cwd: project });
  // Where it fails, what it prints says what does not fit.
  const output = await result.catch((error: unknown) => error);
  expect(output).toMatchObject({ stdout: '' });
}, 60_000);
