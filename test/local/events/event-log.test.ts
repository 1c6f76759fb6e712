import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type EventLog, openEventLog } from '../../../local/events/event-log.ts';

let folder: string;
let path: string;
let log: EventLog;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mirror-events-'));
  path = join(folder, 'events.jsonl');
});

afterEach(() => {
  log.close();
  rmSync(folder, { recursive: true });
});

function allAfter(position: number): string[] {
  const lines: string[] = [];
  for (let at = position; ;) {
    const some = log.read(at);
    if (some.length === 0) return lines;
    lines.push(...some.map(({ line }) => line));
    at = some.at(-1)?.end ?? at;
  }
}

describe.each([
  ['in a file', () => path],
  ['in memory', () => undefined],
])('a log %s', (_, place) => {
  beforeEach(() => {
    log = openEventLog(place());
  });

  test('gives back what was appended, from any of its positions on', () => {
    log.append(['one', 'twó 😀']);
    const [first] = log.read(0);
    log.append(['three']);

    expect(allAfter(0)).toEqual(['one', 'twó 😀', 'three']);
    expect(allAfter(first?.end ?? -1)).toEqual(['twó 😀', 'three']);
    expect(allAfter(log.end())).toEqual([]);
  });

  test.each([-1, 1, 2, 1_000, 0.5, Number.NaN])('takes the position %d for the beginning', (at) => {
    log.append(['one', 'two']);

    expect(log.read(at).map(({ line }) => line)).toEqual(['one', 'two']);
  });

  test('gives back thousands, and a line of any length', () => {
    const lines = Array.from({ length: 3_000 }, (_, n) => `line ${String(n)} `.repeat(10));
    const long = 'x'.repeat(300_000);
    log.append(lines);
    log.append([long, 'end']);

    expect(allAfter(0)).toEqual([...lines, long, 'end']);
  });

  test('tells who listens of each append, until he ends that', () => {
    let told = 0;
    const end = log.onAppend(() => {
      told += 1;
    });
    log.append(['one']);
    end();
    log.append(['two']);

    expect(told).toBe(1);
  });
});

test('a file is gone on with, without the part of a line that a power cut has left', () => {
  log = openEventLog(path);
  log.append(['one']);
  log.close();
  appendFileSync(path, 'tw');

  log = openEventLog(path);
  log.append(['three']);

  expect(readFileSync(path, 'utf8')).toBe('one\nthree\n');
  expect(allAfter(0)).toEqual(['one', 'three']);
});
