import { readFileSync, writeFileSync } from 'node:fs';

import { anExport, aReaderOf, aTask, compared } from './an-export.ts';

describe('an export that fails', () => {
  const failing = () => {
    function* look() {
      yield aTask('a');
      throw new Error('DynamoDB is gone');
    }
    return anExport(aReaderOf(look));
  };

  test('leaves the file that was there before, and what it has read', async () => {
    const command = failing();
    const out = command.file('tasks.jsonl');
    writeFileSync(out, 'of yesterday');
    const { code, stderr } = await command.run(`--out ${out}`);
    expect(code).toBe(1);
    expect(stderr).toMatch(/1 tasks are kept in .*\n.*DynamoDB is gone/);
    expect(readFileSync(out, 'utf8')).toBe('of yesterday');
  });

  test('while it writes the file leaves none', async () => {
    const ending = new AbortController();
    const command = anExport(aReaderOf([aTask('a')]));
    const out = command.file('tasks.jsonl');
    const showTasks = async () => ({
      show: (step: string) => {
        if (step === 'written') ending.abort();
      },
      stop: () => undefined,
    });
    const { code } = await command.run(`--out ${out}`, {
      showTasks,
      takeInterruption: () => ending.signal,
    });
    expect(code).toBe(130);
    expect(command.files()).toEqual(['tasks.jsonl.partial']);
    expect((await command.run(`--out ${out}`)).code).toBe(0);
    expect(command.files()).toEqual(['tasks.jsonl']);
  });

  test('is not gone on with by another export, nor after a day', async () => {
    const command = failing();
    const out = command.file('tasks.jsonl');
    await command.run(`--out ${out}`);
    const other = await command.run(`--status completed --out ${out}`);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('another export')]);

    await command.clock.sleep(24 * 3_600_000);
    expect((await command.run(`--out ${out}`)).stderr).not.toContain('goes on after');
  });
});

describe('coverage', () => {
  const tasks = [aTask('a')];
  const run = (coverage: ReturnType<typeof compared>[], batch = {}) => {
    const reader = aReaderOf(tasks);
    const known = { name: 'night', id: 'b1', tasks: {}, atScale: undefined, ...batch };
    const command = anExport({
      ...reader,
      batch: async () => known,
      coverage: async () => coverage,
    });
    const out = command.file('tasks.jsonl');
    return command.run(`--require-complete --out ${out}`).then((ended) => ({
      ...ended,
      files: command.files().filter((name) => name === 'tasks.jsonl'),
    }));
  };

  test.each([
    ['of the batch itself', [compared('batch:night')]],
    ['of the project of its tasks', [compared('project:Street scenes')]],
  ])('that is complete, %s, is said', async (_, coverage) => {
    const { code, stdout, files } = await run(coverage);
    expect([code, files]).toEqual([0, ['tasks.jsonl']]);
    expect(stdout).toContain('coverage is complete: ');
  });

  test.each([
    ['missing tasks', [compared('batch:night', { missing: 2 })], '2 missing'],
    ['other states', [compared('project:Street scenes', { differing: 1 })], '1 different'],
    ['no reconcile', [{ ...compared('batch:night'), stage: 'reconcile' as const }], 'not compared'],
    ['a history with holes', [{ ...compared('batch:night'), stage: 'backfill' as const }], 'holes'],
    ['callbacks alone', [{ ...compared('batch:night'), stage: 'callbacks' as const }], 'callbacks'],
    ['no source', [compared('project:other')], 'no configured source'],
  ])('that is not complete, for %s, writes no file', async (_, coverage, reason) => {
    const { code, stderr, files } = await run(coverage);
    expect([code, files]).toEqual([1, []]);
    expect(stderr).toContain(`coverage is not complete: `);
    expect(stderr).toContain(reason);
    expect(stderr).toContain('task-mirror reconcile --local');
  });

  test('that is not complete is a code for scripts', async () => {
    const command = anExport(aReaderOf(tasks));
    const out = command.file('a.csv');
    const { stdout } = await command.run(`--require-complete --json --out ${out}`);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'incomplete' } });
    const without = await command.run(`--json --out ${out}`);
    expect(JSON.parse(without.stdout)).toMatchObject({ tasks: 1, coverage: { complete: false } });
  });
});
