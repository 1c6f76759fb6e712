import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { resourcesOf, synthesizedTemplate } from '../support/mirror-template.ts';
import { folder, PROJECT_ROOT } from '../support/module-texts.ts';

// Loading CDK takes seconds where other tests run beside.
jest.setTimeout(60_000);

const RUNBOOK = readFileSync(join(PROJECT_ROOT, 'docs', 'runbook.md'), 'utf8');

const WORDS_OF_QUERIES = [
  ...['filter', 'stats', 'sort', 'limit', 'display', 'by', 'as', 'in', 'like', 'and', 'or'],
  ...['desc', 'asc', 'count', 'latest', 'max', 'pct', 'bin'],
];

/** What a query of Logs Insights reads of a line: its words but for keywords, literals and names of its own. */
function fieldsOf(query: string): string[] {
  const own = [...query.matchAll(/ as (\w+)/g)].map(([, name]) => name);
  const words = query
    .replaceAll(/"[^"]*"|\/(?:[^/\\]|\\.)+\/|\b\d\w*/g, ' ')
    .match(/@?[a-zA-Z]\w*/g);
  return (words ?? []).filter((word) => !WORDS_OF_QUERIES.includes(word) && !own.includes(word));
}

describe('the runbook', () => {
  test('asks for lines that functions write', () => {
    const code = [...folder('functions'), ...folder('shared')].join('\n');
    const messages = [...RUNBOOK.matchAll(/message = "([^"]+)"/g)].map(([, message]) => message);

    expect(messages.length).toBeGreaterThan(5);
    for (const message of messages) expect(code).toContain(`'${message ?? ''}'`);
  });

  test('asks for fields that the lines of its log groups have', () => {
    const everywhere = ['@timestamp', '@message', 'level', 'message'];
    const folderOf: Readonly<Record<string, string>> = { Archive: 'archive-dead-letters' };
    const shared = folder('shared').join('\n');
    const queries = [...RUNBOOK.matchAll(/^insights (\w+?)(?:Function|Access)Logs '([^']+)'/gm)];
    for (const [query, name = '', text = ''] of queries) {
      const lines =
        name === 'CallbackApi'
          ? folder(join('infra', 'constructs')).join('\n')
          : folder(join('functions', folderOf[name] ?? name.toLowerCase())).join('\n') + shared;
      for (const field of fieldsOf(text).filter((one) => !everywhere.includes(one))) {
        const isWritten = new RegExp(`\\b${field}\\b\\s*[,:}]`).test(lines);
        expect([query, field, isWritten]).toEqual([query, field, true]);
      }
    }
    expect(queries.length).toBeGreaterThan(20);
    expect(queries.flatMap(([, , text = '']) => fieldsOf(text))).toContain('sourceIp');
  });

  test('asks log groups that there are', () => {
    const groups = resourcesOf(synthesizedTemplate())
      .filter(({ type }) => type === 'AWS::Logs::LogGroup')
      .map(({ logicalId }) => logicalId.replace(/[0-9A-F]{8}$/, ''));
    const asked = [...RUNBOOK.matchAll(/^insights (\w+) '/gm)].map(([, group]) => group);

    expect(asked.length).toBeGreaterThan(20);
    expect(groups).toEqual(expect.arrayContaining([...new Set(asked)]));
  });

  test('links to articles that there are', () => {
    const links = [...RUNBOOK.matchAll(/\[(\w+)\]\(#(\w+)\)/g)];

    expect(links.length).toBeGreaterThan(10);
    for (const [, name = '', anchor] of links) {
      expect(anchor).toBe(name.toLowerCase());
      expect(RUNBOOK).toContain(`\n## ${name}\n`);
    }
  });
});
