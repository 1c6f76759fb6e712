import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { aCallback, aV1Task } from '../support/builders.ts';
import { ALL_PROJECTS_CONFIG, eventually, runNpm, startStack } from '../support/running-stack.ts';

jest.setTimeout(180_000);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirror-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the life of npm start', () => {
  it('keeps what it acknowledged when it is killed in the middle of its work', async () => {
    const first = await startStack({ DATA_DIR: folder, SCALE_API_KEY: '' });
    const taskIds = Array.from({ length: 200 }, (_, n) => `killed-${String(n)}`);
    const accepted: string[] = [];
    const posting = taskIds.map(async (task_id) => {
      const response = await first.post(aCallback(aV1Task({ task_id })));
      if (response.status === 200) accepted.push(task_id);
      if (accepted.length === 60) await first.kill();
    });
    await Promise.allSettled(posting);
    expect(accepted.length).toBeGreaterThanOrEqual(60);

    const second = await startStack({ DATA_DIR: folder, SCALE_API_KEY: '' });
    for (const taskId of accepted) {
      await eventually(() => second.document(taskId), `task ${taskId} after the restart`);
    }
    expect(await second.stop()).toBe(0);
  });

  it('plays a story whose end the table confirms', async () => {
    const stack = await startStack({
      BACKFILL_ON_START: 'true',
      MIRROR_CONFIG: ALL_PROJECTS_CONFIG,
    });
    const rows = await eventually(async () => {
      const [, table] = stack.output().split('last seen by\n');
      const found = [...(table ?? '').matchAll(/^ {2}(\S+) +(\S+) +(\d+) +(\S+)$/gm)];
      return found.length === 3 ? found : undefined;
    }, 'the end of the story');
    expect(rows.map(([, , status]) => status)).toEqual(['pending', 'completed', 'pending']);
    for (const [, taskId = '', status = ''] of rows) {
      expect((await stack.head(taskId))?.['status']).toEqual({ S: status });
    }
    expect(await stack.stop('SIGINT')).toBe(0);
  });

  it('says in one line which port is taken, and exits with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const { code, stderr } = await runNpm(['start'], { DATA_DIR: folder, PORT: String(port) });
    other.close();
    expect(code).toBe(1);
    expect(stderr).toBe(
      `cannot start: port ${String(port)} is taken by another program: set PORT to another one, or 0 for any\n`,
    );
  });

  it('says in one line that DATA_DIR is in use, and leaves the one that uses it alone', async () => {
    const first = await startStack({ DATA_DIR: folder });
    const { code, stderr } = await runNpm(['start'], { DATA_DIR: folder });
    expect([code, stderr.trimEnd().split('\n')]).toEqual([
      1,
      [expect.stringContaining(`DATA_DIR=${folder} is in use by another stack`)],
    ]);
    expect((await first.post(aCallback())).status).toBe(200);
    expect(await first.stop()).toBe(0);
  });

  it('ends with 0 on Ctrl-C, which a terminal sends to npm and to the stack', async () => {
    const stack = await startStack();
    expect(await stack.interrupt()).toBe(0);
  });

  it('names a bad key of the configuration in one line, and exits with 1', async () => {
    const MIRROR_CONFIG = join(folder, 'bad.json');
    await writeFile(MIRROR_CONFIG, '{ "sources": [{ "project": "A" }], "backfil": {} }');
    const { code, stderr } = await runNpm(['start'], { DATA_DIR: folder, MIRROR_CONFIG });
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringContaining('backfil: is not a known key'),
    ]);
  });

  it('says that no stack is running, when a backfill is asked for', async () => {
    const { code, stderr } = await runNpm(['run', 'backfill'], { AWS_PORT: '1' });
    expect([code, stderr]).toEqual([1, expect.stringContaining('run "npm start" first')]);
  });
});
