import { ruleNames } from './common-rules.ts';
import type { Counterexample, Proof } from './prove.ts';
import type { Share } from './tally.ts';

/** What some runs have shown, for people. */
export function reportOf(title: string, { figures, seed }: Proof): string {
  const { histories, observations, confirms, seconds, wrong, rules, alone } = figures;
  const found = Object.entries(wrong);
  const rows: (readonly [string, string])[] = [
    ['seed', String(seed)],
    ['histories', histories.toLocaleString('en')],
    ['observations per history', (observations / Math.max(1, histories)).toFixed(1)],
    ['histories per second', (histories / Math.max(0.001, seconds)).toFixed(0)],
    ['confirms per observation', (confirms / Math.max(1, observations)).toFixed(3)],
    ['wrong ends', found.length === 0 ? '0' : ''],
    ...found.map(([check, count]) => [`  ${check}`, String(count)] as const),
    ['common rules, wrong on the same arrivals', ''],
    ...ruleNames.map((name) => [`  ${name}`, percent(rules[name])] as const),
    ['callback-only mode, wrong', ''],
    ['  with updated_at', percent(alone.withUpdatedAt)],
    ['  without updated_at', percent(alone.withoutUpdatedAt)],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`.trimEnd());
  return `${[title, ...lines].join('\n')}\n`;
}

function percent({ wrong, of }: Share): string {
  const share = of === 0 ? 0 : (100 * wrong) / of;
  return `${share.toFixed(2)} %  (${wrong.toLocaleString('en')} of ${of.toLocaleString('en')})`;
}

/** A counterexample, and how to see it again. */
export function counterexampleOf({ timeline, seed, path, runs }: Counterexample): string {
  return [
    `A history that ends wrong, found at run ${runs}:`,
    '',
    timeline,
    `Again: npm run prove -- --seed ${seed} --path ${path}`,
    '',
  ].join('\n');
}
