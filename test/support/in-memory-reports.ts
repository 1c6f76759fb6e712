import type { ReconcileReport, Reports } from '../../shared/coverage/reports.ts';

/** The `Reports` port in memory. */
export function inMemoryReports(): Reports {
  const reports = new Map<string, ReconcileReport>();
  return {
    list: async () => [...reports.values()],
    put: async (report) => {
      reports.set(report.source, report);
    },
  };
}
