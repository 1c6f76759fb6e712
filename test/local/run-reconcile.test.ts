import { reconcileToTheEnd } from '../../local/reconcile-to-the-end.ts';
import { runNpm } from '../support/running-stack.ts';

const aReport = (source: string, missing = 0) => ({
  ...{ source, isComplete: true, atScale: 9, here: 9, missing },
  ...{ overdue: 0, differing: 0, open: 0, gone: 0 },
});

/** A function that gives these answers, one after the other. */
function answering(...answers: object[]) {
  const events: object[] = [];
  const invoke = async (event: object) => {
    events.push(event);
    return answers.shift();
  };
  return { events, invoke };
}

describe('a reconcile to the end', () => {
  it('is called until all sources are compared, each time from the same moment on', async () => {
    const { events, invoke } = answering(
      { outcome: 'busy', reports: [] },
      { outcome: 'unfinished', reports: [aReport('project:A')] },
      { outcome: 'unfinished', reports: [] },
      { outcome: 'finished', reports: [aReport('project:B', 3)] },
    );
    const told: string[] = [];
    const done = await reconcileToTheEnd(invoke, (line) => told.push(line));
    expect(done).toEqual({
      outcome: 'finished',
      reports: [aReport('project:A'), aReport('project:B', 3)],
    });
    expect(events).toHaveLength(4);
    expect(new Set(events.map((event) => JSON.stringify(event))).size).toBe(1);
    expect(events[0]).toMatchObject({ full: true, since: expect.any(String) as string });
    expect(told[0]).toContain('another reconcile is running');
  });

  it('fails with what the function says', async () => {
    const { invoke } = answering({ errorMessage: 'reconcile failed for project:A' });
    await expect(reconcileToTheEnd(invoke, () => undefined)).rejects.toThrow('project:A');
  });
});

describe('npm run reconcile', () => {
  it.each<[what: string, args: string[], env: Record<string, string>, code: number, text: string]>([
    ['says how it is used', ['--help'], {}, 0, 'Usage: npm run reconcile'],
    ['refuses other arguments', ['--all'], {}, 2, 'Usage: npm run reconcile'],
    ['says that no stack runs', [], { AWS_PORT: '9' }, 1, 'run "npm start" first'],
    ['wants to know where', [], { AWS_PORT: '0' }, 1, 'set AWS_PORT'],
  ])('%s', async (_, args, env, code, text) => {
    const ended = await runNpm(['run', 'reconcile', '--', ...args], env);
    expect([ended.code, ended.stdout + ended.stderr]).toEqual([
      code,
      expect.stringContaining(text) as string,
    ]);
  });
});
