import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { EventName } from '../../../shared/events/event.ts';
import { faultsOfText } from '../../support/event-schema.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const page = readFileSync(join(ROOT, 'docs', 'events.md'), 'utf8');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

const names: readonly EventName[] = [
  'TaskCompleted',
  'TaskReviewed',
  'TaskRecalled',
  'TaskErrored',
  'TaskCanceled',
  'TaskDeleted',
  'TaskChanged',
  'BatchCompleted',
];

test.each(names)('%s has its line on the page, and stands in the README', (name) => {
  expect(page).toMatch(new RegExp(`^\\| \`${name}\``, 'm'));
  expect(readme).toContain(`\`${name}\``);
});

test('the event on the page is one, by the schema', () => {
  const blocks = [...page.matchAll(/^```json\n([^`]*?)^```$/gm)].map(([, json = '']) => json);
  const events = blocks.filter((json) => json.includes('"detail-type"'));

  expect(events).toHaveLength(1);
  expect(events.map(faultsOfText)).toEqual([undefined]);
});

test.each([
  ['without a revision', { revision: undefined }],
  ['with a revision that is none', { revision: 0 }],
  ['of another version', { schemaVersion: 2 }],
  ['that says what the schema does not know', { content: 'x' }],
])('an event %s does not fit', (_, members) => {
  const [, json = ''] = /^```json\n(\{\n {2}"source"[^`]*?)^```$/m.exec(page) ?? [];
  const event = JSON.parse(json) as { detail: object };
  const text = JSON.stringify({ ...event, detail: { ...event.detail, ...members } });

  expect(faultsOfText(text)).toBeDefined();
});
