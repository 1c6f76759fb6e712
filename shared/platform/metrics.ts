/** Every metric that the mirror emits; alarms are built from the same names. */
export const METRICS_NAMESPACE = 'ScaleTaskMirror';

/** @public A list for who goes through all of them, as a type for who counts one. */
export const metricNames = [
  'CallbackAccepted',
  'CallbackKeptInBucket',
  'CallbackRefused',
  'CallbackUnavailable',
  'SecretNotLoaded',
  'ObservationApplied',
  'ObservationTouched',
  'ObservationDuplicate',
  'ObservationStale',
  'ConfirmRequested',
  'ConfirmPostponed',
  'ConfirmUnavailable',
  'TaskDeleted',
  'FieldsOmitted',
  'Unrecognised',
  'MessageFailed',
  'MessagePostponed',
  'PostponedAgeSeconds',
  'DeadLettersArchived',
  'BackfillPages',
  'BackfillTasks',
  'BackfillPartFailed',
  'ForeignTasks',
  'BatchCallback',
  'NamesCorrected',
  'InboxSwept',
  'CoverageLagSeconds',
  'ClocksApartSeconds',
  'ReconcilePartFailed',
  'TasksCompared',
  'TasksMissing',
  'TasksDiffering',
  'TasksGone',
  'CallbacksLost',
  'EventsPublished',
  'EventsPostponed',
  'EventsFailed',
] as const;

/** Counted by API Gateway's access log: no function hears of a callback that was held back. */
export const CALLBACK_THROTTLED = 'CallbackThrottled';

export type MetricName = (typeof metricNames)[number];

/** Counts outcomes. Implementations publish once per invocation. */
export interface Metrics {
  count(name: MetricName, by?: number): void;
  /** Publishes how long something is, in seconds. */
  seconds(name: MetricName, value: number): void;
  /** Counts one, in all and by a dimension too: AWS charges each value as a metric of its own. */
  countBy(name: MetricName, dimension: string, value: string): void;
}
