import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PROJECT_ROOT = join(import.meta.dirname, '..', '..');

const documents = [
  'README.md',
  ...readdirSync(join(PROJECT_ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** What a reader copies into a shell, without the indentation of a list. */
const blocksOf = (path: string): string[] =>
  [...readFileSync(join(PROJECT_ROOT, path), 'utf8').matchAll(/^( *)```sh\n(.*?)^ *```/gms)].map(
    ([, indent = '', block = '']) => block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );

/** A line stands for what the reader is to fill in. */
const filledIn = (block: string): string => block.replaceAll(/<[^<>\n]+>/g, 'X');

describe.each(documents)('commands of %s, copied and pasted,', (path) => {
  // zsh, the shell of macOS, takes a comment that is typed for arguments, and an apostrophe in it for a quote.
  test('hold no comments', () => {
    const comments = blocksOf(path).flatMap(
      (block) => block.match(/^.*(?:^|\s)#(?:\s.*)?$/gm) ?? [],
    );
    expect(comments).toEqual([]);
  });

  test('are read by a shell', () => {
    for (const block of blocksOf(path)) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: filledIn(block) });
      expect([block, status, String(stderr)]).toEqual([block, 0, '']);
    }
  });
});
