import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadScenario, parseScenario, scenarioNames } from '../../../local/simulator/scenario.ts';

const folder = mkdtempSync(join(tmpdir(), 'scenario-'));

it.each(scenarioNames())('the scenario %s is valid and says what it is for', (name) => {
  expect(loadScenario(name).about).toMatch(/\./);
});

it('nothing at all is Scale on a good day', () => {
  expect(parseScenario({})).toMatchObject({
    callbacks: {},
    answers: [],
    reads: { lagMs: 0 },
    pages: { order: 'created', shift: false },
    recalls: 'drop',
  });
});

it('is read from a file', () => {
  const file = join(folder, 'mine.json');
  writeFileSync(file, '{"reads":{"lagMs":5}}');
  expect(loadScenario(file).reads.lagMs).toBe(5);
});

it.each([
  ['no JSON', '{', 'is not JSON'],
  ['an unknown key', '{"raeds":{}}', 'raeds: is not a known key'],
  ['a value that is none', '{"recalls":"lose"}', 'recalls: '],
])('a file with %s is refused in one line', (_, text, message) => {
  const file = join(folder, 'bad.json');
  writeFileSync(file, text);
  expect(() => loadScenario(file)).toThrow(message);
  expect(() => loadScenario(file)).toThrow(/^[^\n]*$/);
});

it('an unknown name is refused with those that there are', () => {
  expect(() => loadScenario('nowhere')).toThrow('bad-day, calm');
});
