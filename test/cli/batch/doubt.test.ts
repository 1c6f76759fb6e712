import type { BatchAction } from '../../../shared/scale/batches.ts';
import { ScaleUnavailableError } from '../../../shared/scale/errors.ts';
import { NOON } from '../../support/fake-clock.ts';
import { refusal } from '../../support/fake-batches.ts';
import { aChange } from './a-change.ts';

const busy = new ScaleUnavailableError('POST', {
  trouble: 'busy',
  what: 'status 429',
  status: 429,
});

describe('an answer that says "completed", as the page shows it,', () => {
  it('is not believed: Scale is asked again', async () => {
    const change = aChange();
    change.scale.fates = [(batch) => ({ ...batch, status: 'completed' })];
    const { batch } = await change.run('finalize');
    expect(batch.status).toBe('in_progress');
    expect(await change.book.get('batch_1')).toMatchObject({ status: 'in_progress' });
    expect(change.tries('finalize')).toBe(1);
  });

  it('stands where the batch has completed at once', async () => {
    const change = aChange();
    change.scale.fates = [(batch) => ({ ...batch, status: 'completed' })];
    let reads = 0;
    change.scale.onRead = () => {
      reads += 1;
      if (reads === 2) change.move('completed');
    };
    expect((await change.run('finalize')).batch.status).toBe('completed');
  });

  it('is a failure where the batch stays in staging', async () => {
    const change = aChange();
    const api = {
      ...change.scale,
      changeBatch: async () => ({
        batch: { ...change.batch, status: 'completed' },
        message: undefined,
      }),
    };
    const failure = await change.failure('finalize', { api });
    expect([failure.code, failure.exitCode]).toEqual(['not-confirmed', 1]);
    expect(failure.message).toMatch(/says "completed".*is staging/);
    expect(await change.book.get('batch_1')).toBeUndefined();
    // Reads may lag by ten seconds.
    expect(change.clock.now() - NOON).toBeGreaterThanOrEqual(10_000);
  });

  it('is no failure where a read still lags', async () => {
    const change = aChange();
    const api = {
      ...change.scale,
      changeBatch: async () => ({
        batch: { ...change.batch, status: 'completed' },
        message: undefined,
      }),
    };
    change.scale.onRead = () => {
      if (change.clock.now() > NOON) change.move('in_progress');
    };
    expect((await change.run('finalize', { api })).batch.status).toBe('in_progress');
  });
});

describe.each([
  ['another id', { id: 'batch_2' }],
  ['another name', { name: 'day' }],
])('an answer about a batch of %s', (_, other) => {
  it('is checked: the batch that was meant has been finalized', async () => {
    const change = aChange();
    change.scale.fates = [(batch) => ({ ...batch, ...other })];
    const { batch } = await change.run('finalize');
    expect(batch).toMatchObject({ id: 'batch_1', name: '2026-11 night', status: 'in_progress' });
  });

  it('is a failure where the batch that was meant stays as it is', async () => {
    const change = aChange({ status: 'in_progress' });
    change.scale.fates = [(batch) => ({ ...batch, ...other })];
    const failure = await change.failure('pause');
    expect([failure.code, failure.exitCode]).toEqual(['not-confirmed', 1]);
  });
});

it('pause is accepted though its answer says "staging", as the page shows it', async () => {
  const change = aChange({ status: 'in_progress' });
  change.scale.fates = [(batch) => ({ ...batch, status: 'staging' })];
  expect(await change.run('pause')).toMatchObject({
    batch: { status: 'in_progress' },
    message: 'Batch pause initiated.',
  });
});

it('pause of a batch that turns out to have completed is a failure', async () => {
  const change = aChange({ status: 'in_progress' });
  change.scale.fates = [
    (batch) => {
      change.scale.batches.set('batch_1', { ...batch, status: 'completed' });
      return { ...batch, status: 'completed' };
    },
  ];
  expect((await change.failure('pause')).message).toContain(
    'asked again it says that the batch is completed',
  );
});

describe.each<[BatchAction, string, string]>([
  ['finalize', 'staging', 'in_progress'],
  ['pause', 'in_progress', 'paused'],
  ['resume', 'paused', 'in_progress'],
  ['cancel', 'staging', 'cancelled'],
])('%s without a clear answer', (action, from, to) => {
  const inDoubt = (...fates: ('heard' | 'unheard' | Error)[]) => {
    const change = aChange({ status: from });
    change.scale.fates = fates;
    // What is accepted has happened by the next look.
    change.scale.onRead = () => {
      change.scale.settle();
    };
    return change;
  };

  it('is done where the status has moved, and not repeated', async () => {
    const change = inDoubt('heard');
    const report = await change.run(action);
    expect([report.batch.status, change.tries(action)]).toEqual([to, 1]);
    expect(await change.book.get('batch_1')).toMatchObject({ status: to });
  });

  it('is tried once more where it has not', async () => {
    const change = inDoubt('unheard');
    await change.run(action);
    change.scale.settle();
    expect([change.status(), change.tries(action)]).toEqual([to, 2]);
  });

  it('is done where the second try was heard, too', async () => {
    const change = inDoubt('unheard', 'heard');
    expect((await change.run(action)).batch.status).toBe(to);
  });

  it.each([
    ['stays without an answer', 'unheard' as const],
    ['is refused', refusal(action, 'not now')],
    ['is not taken', busy],
  ])('gives up where the second try %s, and says how to look', async (_, fate) => {
    const change = inDoubt('unheard', fate);
    const failure = await change.failure(action);
    expect([failure.code, failure.exitCode]).toEqual(['outcome-unknown', 1]);
    expect(failure.message).toMatch('may or may not have been');
    expect(failure.hint).toMatch(`it was ${from} before; look in a while: show batch_1`);
    expect(change.tries(action)).toBe(2);
  });

  it('is unknown, too, where Scale cannot be looked at any more', async () => {
    const change = inDoubt('heard');
    change.scale.onRead = () => {
      if (change.clock.now() > NOON) throw busy;
    };
    expect((await change.failure(action)).code).toBe('outcome-unknown');
  });

  it('is not repeated where the batch went elsewhere', async () => {
    const change = inDoubt('unheard');
    change.scale.onRead = () => {
      if (change.clock.now() === NOON) return;
      change.move('gone');
    };
    const failure = await change.failure(action);
    expect([failure.code, change.tries(action)]).toEqual(['not-confirmed', 1]);
    expect(failure.message).toMatch(`was ${from} and is gone now`);
  });
});

it('a second try that is refused since the first was heard late is done', async () => {
  const change = aChange();
  change.scale.fates = ['unheard', refusal('finalize', 'it is in_progress')];
  change.scale.onRead = () => {
    if (change.tries('finalize') < 2) return;
    change.move('in_progress');
  };
  expect((await change.run('finalize')).batch.status).toBe('in_progress');
});
