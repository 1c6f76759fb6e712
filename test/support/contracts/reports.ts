import { randomUUID } from 'node:crypto';

import type { ReconcileReport, Reports } from '../../../shared/coverage/reports.ts';
import { NOON } from '../fake-clock.ts';

export function aReport(members: Partial<ReconcileReport> = {}): ReconcileReport {
  return {
    source: `project:${randomUUID()}`,
    startedAt: NOON,
    finishedAt: NOON + 1,
    isComplete: true,
    atScale: 10,
    here: 9,
    missing: 1,
    overdue: 0,
    differing: 2,
    open: 3,
    gone: 4,
    deliveries: { lost: 1, unsaid: 2, delivered: 3 },
    idsKey: 'reports/reconcile/2026-11-21/some.json.gz',
    ...members,
  };
}

/** What every `Reports` promises. */
export function reportsContract(create: () => Reports): void {
  let reports: Reports;
  beforeAll(() => {
    reports = create();
  });
  const find = async (source: string) =>
    (await reports.list()).filter((report) => report.source === source);

  test('a report is read back as it was written', async () => {
    const report = aReport();
    await reports.put(report);
    expect(await find(report.source)).toEqual([report]);
  });

  test('a report of a part does not say what is gone', async () => {
    const nothing = {
      here: undefined,
      gone: undefined,
      deliveries: undefined,
      idsKey: undefined,
    };
    const report = aReport({ isComplete: false, ...nothing });
    await reports.put(report);
    expect(await find(report.source)).toEqual([report]);
  });

  test('of each source the newest is kept', async () => {
    const first = aReport();
    const second = { ...first, startedAt: NOON + 5, missing: 0 };
    const other = aReport();
    for (const report of [first, other, second]) await reports.put(report);
    expect(await find(first.source)).toEqual([second]);
    expect(await find(other.source)).toEqual([other]);
  });
}
