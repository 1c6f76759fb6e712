import { showBatch } from '../../../cli/batch/change-batch.ts';
import type { BatchAction } from '../../../shared/scale/batches.ts';
import { ScaleUnavailableError } from '../../../shared/scale/errors.ts';
import { NOON } from '../../support/fake-clock.ts';
import { refusal } from '../../support/fake-batches.ts';
import { aChange, brokenBook } from './a-change.ts';

const STATUSES = ['staging', 'in_progress', 'paused', 'completed', 'cancelled'];

/** Where each action leads, from the statuses that allow it. */
const LEADS: Record<BatchAction, Record<string, string>> = {
  finalize: { staging: 'in_progress' },
  pause: { in_progress: 'paused' },
  resume: { paused: 'in_progress' },
  cancel: { staging: 'cancelled', in_progress: 'cancelled', paused: 'cancelled' },
};

describe.each(Object.keys(LEADS) as BatchAction[])('%s', (action) => {
  const allowed = Object.entries(LEADS[action]);

  it.each(allowed)('takes a batch in %s to %s', async (status, led) => {
    const change = aChange({ status });
    const report = await change.run(action);
    expect(report).toMatchObject({ action, statusBefore: status, tracking: { isTracked: true } });
    change.scale.settle();
    expect([change.status(), change.tries(action)]).toEqual([led, 1]);
  });

  it.each(STATUSES.filter((status) => !(status in LEADS[action])))(
    'explains that a batch is %s, and asks Scale for nothing',
    async (status) => {
      const change = aChange({ status });
      const failure = await change.failure(action);
      expect(failure).toMatchObject({ code: 'wrong-status', exitCode: 1 });
      expect(failure.message).toMatch(`batch "2026-11 night" (batch_1) is `);
      expect(failure.message).toMatch(`${status}: only a`);
      expect([change.tries(action), change.status()]).toEqual([0, status]);
      expect(await change.book.get('batch_1')).toBeUndefined();
    },
  );
});

it.each([
  ['finalize', 'in_progress', 'already in_progress', 'pause, cancel'],
  ['finalize', 'paused', 'is paused', 'resume, cancel'],
  ['pause', 'staging', 'is staging', 'finalize, cancel'],
  ['pause', 'paused', 'already paused', 'resume, cancel'],
  ['cancel', 'cancelled', 'already cancelled', 'cannot be changed any more'],
  ['resume', 'archived', 'is archived', 'cancel'],
] as const)(
  '%s of a batch %s says that it %s, and what can be done',
  async (action, status, is, can) => {
    const failure = await aChange({ status }).failure(action);
    expect(failure.message).toContain(is);
    expect(failure.hint).toContain(can);
  },
);

describe.each([
  ['its id', { id: 'batch_1' }],
  ['its name', { name: '2026-11 night' }],
])('a batch named by %s', (_, ref) => {
  it('is looked at and changed by just that', async () => {
    const change = aChange();
    await change.run('finalize', {}, ref);
    expect(change.scale.asked).toEqual([
      `get ${JSON.stringify(ref)}`,
      `finalize ${JSON.stringify(ref)}`,
    ]);
  });

  it('that Scale answers with another one is left alone', async () => {
    const change = aChange();
    const other = {
      ...change.scale,
      getBatch: async () => ({ ...change.batch, id: 'batch_2', name: 'x' }),
    };
    const failure = await change.failure('finalize', { api: other }, ref);
    expect([failure.code, change.tries('finalize')]).toEqual(['not-confirmed', 0]);
  });
});

it.each([{ id: 'batch_2' }, { name: 'Night' }])(
  '%j, which Scale does not know, is named',
  async (ref) => {
    const failure = await aChange().failure('finalize', {}, ref);
    expect([failure.code, failure.exitCode]).toEqual(['not-found', 1]);
    expect(failure.message).toContain(Object.values(ref)[0]);
    expect(failure.hint).toMatch(/spelt.*live_.*test_/);
  },
);

it('a refusal passes on what Scale says', async () => {
  const change = aChange({ status: 'in_progress' });
  change.scale.fates = [refusal('pause', 'empty batches cannot be paused')];
  const failure = await change.failure('pause');
  expect(failure.message).toContain('empty batches cannot be paused');
  expect(change.tries('pause')).toBe(1);
});

it('pause is done once Scale has accepted it, and passes on its message', async () => {
  const report = await aChange({ status: 'in_progress' }).run('pause');
  expect(report).toMatchObject({
    message: 'Batch pause initiated.',
    batch: { status: 'in_progress' },
  });
});

describe('cancel', () => {
  it('asks first, with the facts', async () => {
    const change = aChange({ status: 'paused' });
    await change.run('cancel');
    expect(change.questions).toEqual([
      expect.stringMatching(/2026-11 night.*paused.*cannot be undone/),
    ]);
  });

  it('changes nothing where the answer is no', async () => {
    const change = aChange({ status: 'paused' });
    const failure = await change.failure('cancel', { confirm: async () => false });
    expect([failure.code, failure.exitCode, change.tries('cancel')]).toEqual(['declined', 1, 0]);
  });
});

describe('tracking', () => {
  it('keeps the status after, the counts, and when Scale was asked', async () => {
    const change = aChange();
    change.scale.counts.set('2026-11 night', { pending: 2, completed: 1 });
    change.scale.onRead = () => {
      change.clock.advance(50);
    };
    await change.run('finalize');
    expect(await change.book.get('batch_1')).toMatchObject({
      status: 'in_progress',
      counts: { pending: 2, completed: 1 },
      checkedAt: NOON + 50,
    });
    expect(await change.book.listOpen()).toHaveLength(1);
  });

  it('keeps the name of the project, which the answer to an action lacks', async () => {
    const change = aChange({ project: { id: 'project_1', name: 'Street scenes' } });
    change.scale.fates = [(batch) => ({ ...batch, project: { id: 'project_1' } })];
    const { batch } = await change.run('finalize');
    expect(batch.project).toEqual({ id: 'project_1', name: 'Street scenes' });
  });

  it.each([
    [
      'cannot be counted',
      new ScaleUnavailableError('GET', { trouble: 'failed', what: 'status 500' }),
    ],
    ['are unknown to v1', undefined],
  ])('goes on where the tasks %s', async (_, failure) => {
    const change = aChange();
    change.scale.countFailure = failure;
    const report = await change.run('finalize');
    expect([report.counts, report.tracking]).toEqual([undefined, { isTracked: true }]);
    expect(await change.book.get('batch_1')).toMatchObject({ status: 'in_progress' });
  });

  it('that fails is said, with the command to make up for it, and the command has done its work', async () => {
    const change = aChange();
    const { tracking } = await change.run('finalize', { book: brokenBook });
    expect(tracking).toEqual({ isTracked: false, reason: 'no table' });
    expect(change.told.join('\n')).toMatch(/stands.*no table.*track batch_1/);
    expect(change.status()).toBe('in_progress');
  });

  it('without a mirror is said, with the command that does it', async () => {
    const change = aChange();
    const { tracking } = await change.run('finalize', { book: undefined });
    expect(tracking).toMatchObject({ isTracked: false });
    expect(change.told.join('\n')).toMatch(/Not tracked.*track batch_1/);
  });
});

describe('show', () => {
  it.each(STATUSES)('of a batch in %s changes and tracks nothing', async (status) => {
    const change = aChange({ status });
    const report = await showBatch(change.dependencies, { id: 'batch_1' }, false);
    expect([report.batch.status, report.tracking]).toEqual([status, undefined]);
    expect(change.scale.asked).toEqual(['get {"id":"batch_1"}']);
    expect(await change.book.get('batch_1')).toBeUndefined();
  });

  it('tracks what it saw where that is asked for', async () => {
    const change = aChange({ status: 'completed' });
    change.scale.onRead = () => {
      change.clock.advance(50);
    };
    await showBatch(change.dependencies, { id: 'batch_1' }, true);
    expect(await change.book.get('batch_1')).toMatchObject({
      status: 'completed',
      checkedAt: NOON,
    });
  });
});
