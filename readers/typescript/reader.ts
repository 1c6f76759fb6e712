/** `scale-task-mirror/reader`: what downstream jobs import. */

export { NotNamedError } from './dependencies.ts';
export { ExactNumber } from './exact-number.ts';
export type { ListedTask } from './listed-task.ts';
export type { Mirror, TasksOptions } from './mirror.ts';
export { type OpenOptions, openMirror } from './open-mirror.ts';
export type { NumberOf, Numbers } from './parse-json.ts';
export type { BatchAtScale, CountsByStatus, MirroredBatch } from './read-batch.ts';
export type { Change, ChangesQuery } from './read-changes.ts';
export type { CoveredSpan, SourceCoverage, SourceReport } from './read-coverage.ts';
export type { HistoryEntry } from './read-history.ts';
export type { Fields } from './read-fields.ts';
export type { WithDocument } from './read-tasks.ts';
export type * from './scale-tasks.ts';
export type { Selection, Time } from './selection.ts';
export type { DocumentFacts, TaskDocument, V1Document, V2Document } from './task-document.ts';
export type { ReadSource, TaskHead } from './task-head.ts';
