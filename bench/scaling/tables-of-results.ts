import type { Outcome } from './simulate.ts';

type Column = readonly [title: string, cell: (outcome: Outcome) => string];

const BURST_COLUMNS: readonly Column[] = [
  ['posts refused (429)', ({ throttled }) => whole(throttled)],
  ['no environment (503)', ({ withoutEnvironment }) => whole(withoutEnvironment)],
  ['highest backlog', ({ mostBacklog }) => whole(mostBacklog)],
  [
    '99 % stored after',
    ({ mostStoredAt }) => (mostStoredAt === 0 ? 'never' : duration(mostStoredAt)),
  ],
  ['longest on the queue', ({ longestSeconds }) => duration(longestSeconds)],
  ['left to backfill', ({ leftToBackfill }) => whole(leftToBackfill)],
  ['throttled writes', ({ throttledWrites }) => whole(throttledWrites)],
  ['put back', ({ putBack }) => whole(putBack)],
];

const RATE_COLUMNS: readonly Column[] = [
  ['accepted at once', ({ accepted, begun }) => `${whole((accepted / begun) * 100)} %`],
  ['backlog then', ({ backlog }) => whole(backlog)],
  ['longest on the queue', ({ longestSeconds }) => duration(longestSeconds)],
  ['throttled writes', ({ throttledWrites }) => whole(throttledWrites)],
  ['put back', ({ putBack }) => whole(putBack)],
];

export type NamedOutcomes = readonly (readonly [name: string, outcome: Outcome])[];

/** Markdown: a burst a row. */
export function burstTable(outcomes: NamedOutcomes): string {
  return table('a million callbacks at 10,000/s', BURST_COLUMNS, outcomes);
}

/** Markdown: a rate a row. */
export function rateTable(outcomes: NamedOutcomes): string {
  return table('ten minutes of', RATE_COLUMNS, outcomes);
}

function table(corner: string, columns: readonly Column[], outcomes: NamedOutcomes): string {
  const lines = [
    row(
      corner,
      columns.map(([title]) => title),
    ),
    row(
      '---',
      columns.map(() => '---:'),
    ),
    ...outcomes.map(([name, outcome]) =>
      row(
        name,
        columns.map(([, cell]) => cell(outcome)),
      ),
    ),
  ];
  return lines.join('\n');
}

function row(first: string, cells: readonly string[]): string {
  return `| ${[first, ...cells].join(' | ')} |`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 600) return `${whole(seconds)} s`;
  return seconds < 3 * 3_600 ? `${whole(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
