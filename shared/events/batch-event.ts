import type { FollowedBatch } from '../coverage/batch-book.ts';
import { toIso } from '../platform/iso.ts';
import { type MirrorEvent, SCHEMA_VERSION } from './event.ts';

const COMPLETED = 'completed';

/**
 * The event of a write of a followed batch: `BatchCompleted` where it was not completed before, or is followed for
 * the first time. All other writes only say what Scale said again.
 */
export function toBatchEvent(
  before: FollowedBatch | undefined,
  after: FollowedBatch | undefined,
  table: string,
): MirrorEvent | undefined {
  if (after?.status !== COMPLETED || before?.status === COMPLETED) return undefined;
  const { id, name, status, completedAt, project, counts, checkedAt } = after;
  return {
    name: 'BatchCompleted',
    time: checkedAt,
    subject: `batch ${id}`,
    detail: {
      schemaVersion: SCHEMA_VERSION,
      batchId: id,
      batch: name,
      status,
      completedAt,
      project: project.name,
      projectId: project.id,
      counts,
      checkedAt: toIso(checkedAt),
      tasks: { table, index: 'byBatch' },
    },
  };
}
