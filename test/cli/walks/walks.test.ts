import { inMemoryBatchBook } from '../../support/in-memory-batch-book.ts';
import { inMemoryMirrorState } from '../../support/in-memory-mirror-state.ts';
import { NOON } from '../../support/fake-clock.ts';
import { aCommandLine } from '../a-context.ts';

const AT_NOON = new Date(NOON).toISOString();

/** A mirror whose functions give these answers, one after the other. */
function answering(...answers: unknown[]) {
  const calls: [name: string, event: object][] = [];
  const line = aCommandLine(inMemoryBatchBook(), {
    mirrorState: async () => inMemoryMirrorState(),
    invoke: async () => async (name, event) => {
      calls.push([name, event]);
      return answers.shift();
    },
  });
  return { ...line, calls };
}

const finished = { outcome: 'finished', pages: 2, tasks: 150 };

describe('task-mirror backfill', () => {
  it('runs until a run of its own has finished, and sums up', async () => {
    const line = answering(
      { outcome: 'busy', pages: 0, tasks: 0 },
      { outcome: 'unfinished', pages: 5, tasks: 400 },
      finished,
    );
    const { code, stdout, stderr } = await line.run('--local backfill');
    expect([code, stdout]).toEqual([0, 'backfill finished: 550 tasks in 7 pages\n']);
    expect(stderr).toContain('another backfill is running');
    expect(line.calls).toHaveLength(3);
    expect(line.calls[0]).toEqual(['backfill', { full: true }]);
  });

  it.each([
    ['--from 2026-11-01', { from: '2026-11-01T00:00:00.000Z', to: AT_NOON, askedAt: AT_NOON }],
    [
      "--project 'Street scenes' --from 2026-11-01T10:00:00Z --to 2026-11-02",
      {
        ...{ from: '2026-11-01T10:00:00.000Z', to: '2026-11-02T00:00:00.000Z', askedAt: AT_NOON },
        only: 'project:Street scenes',
      },
    ],
    ['--batch night', { full: true, only: 'batch:night' }],
    ['--all', { full: true }],
  ])('asks for what the options name: %s', async (options, event) => {
    const line = answering(finished);
    expect((await line.run(`--local backfill --json ${options}`)).stdout).toBe(
      `${JSON.stringify(finished)}\n`,
    );
    expect(line.calls).toEqual([['backfill', event]]);
  });

  it.each([
    ['--from yesterday', '--from has to be a time, as 2026-11-01T00:00:00Z, not "yesterday"'],
    ['--from 2026-11-02 --to 2026-11-01', '--from has to be before --to'],
    ['--project a --batch b', 'give one of'],
    ['now', 'too many arguments'],
  ])('refuses %s', async (options, words) => {
    const line = answering();
    const { code, stderr } = await line.run(`--local backfill ${options}`);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
    expect(line.calls).toEqual([]);
  });

  it('fails with what the function says, in text and as JSON', async () => {
    const failed = {
      errorType: 'BackfillFailedError',
      errorMessage: 'backfill failed for project:A',
    };
    const { code, stdout, stderr } = await answering(failed).run('--local backfill');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('backfill failed for project:A');
    const json = await answering(failed).run('--local --json backfill');
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'failed' } });
  });

  it('says that it takes an API key', async () => {
    const line = answering({ outcome: 'no key', pages: 0, tasks: 0 });
    expect(await line.run('--local backfill')).toMatchObject({ code: 2 });
  });
});

describe('task-mirror reconcile', () => {
  const report = {
    ...{ source: 'project:A', isComplete: true, atScale: 9, here: 8, missing: 1, overdue: 0 },
    ...{ differing: 2, open: 3, gone: 4, deliveries: { lost: 5, unsaid: 6, delivered: 7 } },
  };

  it('compares all sources from now on, and says what it found', async () => {
    const line = answering({ outcome: 'finished', reports: [report] });
    const { code, stdout } = await line.run('--local reconcile');
    expect(code).toBe(0);
    expect(stdout).toBe(
      'reconcile finished: 1 sources\n' +
        '  project:A: 9 at Scale, 8 here, 1 missing, 2 differing, 3 open, 4 gone, 5 callbacks lost\n',
    );
    expect(line.calls).toEqual([['reconcile', { full: true, since: AT_NOON }]]);
  });

  it('compares one source, and gives its report as JSON', async () => {
    const done = { outcome: 'finished', reports: [report] };
    const line = answering(done);
    const { stdout } = await line.run('--local reconcile --project A --json');
    expect(JSON.parse(stdout)).toEqual(done);
    expect(line.calls).toEqual([['reconcile', { full: true, since: AT_NOON, only: 'project:A' }]]);
  });
});
