import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import {
  API_KEY,
  type Json,
  type Receiver,
  startReceiver,
  statesOf,
} from '../support/running-simulator.ts';
import { eventually, PROJECT_ROOT, runNpm } from '../support/running-stack.ts';

jest.setTimeout(60_000);

/** `npm run simulator` as a user runs it, a process of its own. */
interface Running {
  readonly url: string;
  readonly lines: string[];
  readonly child: ChildProcess;
  control(path: string, body?: Json): Promise<Json>;
  stop(signal: 'SIGINT' | 'SIGTERM'): Promise<number | null>;
  kill(): Promise<void>;
}

const running: Running[] = [];
let folder: string;
let receiver: Receiver;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulator-'));
  receiver = await startReceiver();
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.kill();
  await receiver.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(...args: string[]): Promise<Running> {
  const command = ['run', '--silent', 'simulator', '--', '--port', '0', ...args];
  const child = spawn('npm', command, { cwd: PROJECT_ROOT, detached: true });
  const exited = once(child, 'close') as Promise<[number | null]>;
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  await once(reader, 'line');
  const { url } = JSON.parse(lines[0]?.replace('ready ', '') ?? '') as { url: string };
  const one: Running = {
    url,
    lines,
    child,
    control: async (path, body) => {
      const response = await fetch(`${url}/_simulator${path}`, {
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      });
      return (await response.json()) as Json;
    },
    stop: async (signal) => {
      child.kill(signal);
      return (await exited)[0];
    },
    kill: async () => {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
        process.kill(-child.pid, 'SIGKILL');
        await exited;
      }
    },
  };
  running.push(one);
  return one;
}

describe('npm run simulator', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'serves, posts callbacks, and ends with 0 on %s',
    async (signal) => {
      const scale = await start('--callback-url', receiver.url, '--callback-key', 'my-key');
      expect(scale.lines).toEqual([
        `ready ${JSON.stringify({
          url: scale.url,
          controlUrl: `${scale.url}/_simulator`,
          callbackUrl: receiver.url,
          seed: 1,
        })}`,
      ]);
      expect(scale.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      await scale.control('/tasks', { id: 'a', project: 'Cars' });
      await scale.control('/tasks/a/complete', { answer: 'blue' });
      await eventually(async () => receiver.callbacks[0], 'the callback');
      expect([statesOf(receiver), receiver.callbacks[0]?.key]).toEqual([
        ['completed blue'],
        'my-key',
      ]);
      const headers = { authorization: `Bearer ${API_KEY}` };
      const list = await fetch(`${scale.url}/v2/tasks?project_name=Cars`, { headers });
      expect(await list.json()).toMatchObject({ tasks: [{ task_id: 'a' }] });
      expect(await scale.stop(signal)).toBe(0);
    },
  );

  it('keeps all but the last second when it is killed', async () => {
    const data = join(folder, 'scale.db');
    const first = await start('--data', data);
    await first.control('/tasks', { id: 'a', project: 'Cars' });
    await first.control('/tasks/a/complete', { answer: 'blue' });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await first.kill();
    const second = await start('--data', data);
    const task = await second.control('/tasks/a');
    expect(task['v1']).toMatchObject({ status: 'completed', response: { category: 'blue' } });
  });

  it('misbehaves as a file and the keys say', async () => {
    const scenario = join(folder, 'mine.json');
    await writeFile(scenario, '{"answers":[{"kind":"status","status":503}]}');
    const scale = await start('--scenario', scenario, '--api-key', 'mine', '--seed', '7');
    expect((await fetch(`${scale.url}/v2/projects`)).status).toBe(503);
    expect(await scale.control('')).toMatchObject({ seed: 7 });
  });

  it('lets a small world live', async () => {
    const scale = await start('--demo', '--callback-url', receiver.url);
    await scale.control('/clock', { advanceMs: 300_000 });
    expect(receiver.callbacks.length).toBeGreaterThan(30);
    const states = new Set(statesOf(receiver).map((state) => state.split(' ')[0]));
    expect([...states].sort()).toEqual(expect.arrayContaining(['completed', 'error', 'pending']));
    expect(scale.lines.join('\n')).toMatch(/is audited: (accepted|rejected|fixed)/);
  });

  it('shows how it is used', async () => {
    const { code, stdout } = await runNpm(['run', 'simulator', '--', '--help']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('Examples:')]);
  });

  it.each([
    [['--prot', '1'], "Unknown option '--prot'"],
    [['--port', 'x'], '--port must be a whole number'],
    [['--callback-url', 'me@example.com'], '--callback-url must be an http or https URL'],
    [['--scenario', 'nowhere'], 'there is no scenario or file nowhere'],
  ])('ends with 2 and one line for %j', async (args, message) => {
    const { code, stdout, stderr } = await runNpm(['run', 'simulator', '--', ...args]);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  it('ends with 1 and one line when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { code, stderr } = await runNpm(['run', 'simulator', '--', '--port', String(port)]);
    other.close();
    expect([code, stderr]).toEqual([
      1,
      `cannot start: port ${String(port)} is taken by another program: set --port to another one, or 0 for any\n`,
    ]);
  });

  it('ends with 1 and one line when its file cannot be used', async () => {
    const data = join(folder, 'broken.db');
    await writeFile(data, '{"tasks":[]}');
    const { code, stderr } = await runNpm([
      'run',
      'simulator',
      '--',
      '--port',
      '0',
      '--data',
      data,
    ]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^cannot start: the data file .*\n$/),
    ]);
  });
});
