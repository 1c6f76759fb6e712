import { gzipSync } from 'node:zlib';

import { type Case, kept, nextId, stored } from './case.ts';

const BOM = '\ufeff';
const LONE_SURROGATE = Buffer.of(0xed, 0xa0, 0x80);
const callback = (): string => `{"task":{"task_id":"${nextId()}","status":"completed","a":"é😀"}}`;
const json = (before: string, bytes: Uint8Array, behind: string): Uint8Array =>
  Buffer.concat([Buffer.from(before), bytes, Buffer.from(behind)]);

function swapped(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le').swap16();
}

const notUtf8: readonly Case[] = [
  ['in a value', json('{"task":{"task_id":"a","status":"x","a":"', LONE_SURROGATE, '"}}')],
  ['in a key', json('{"task":{"task_id":"a","status":"x","', LONE_SURROGATE, '":1}}')],
  ['in an id', json('{"task":{"task_id":"', LONE_SURROGATE, '","status":"x"}}')],
  ['for a whole body', LONE_SURROGATE],
  ['overlong', json('{"task":{"task_id":"a","status":"', Buffer.of(0xc0, 0xaf), '"}}')],
  ['beyond Unicode', json('{"a":"', Buffer.of(0xf4, 0x90, 0x80, 0x80), '"}')],
  ['that break off', Buffer.from('{"task":"😀').subarray(0, -1)],
  ['of Latin-1', Buffer.from(callback(), 'latin1')],
  ['of UTF-16 with a byte order mark', Buffer.from(BOM + callback(), 'utf16le')],
  ['of UTF-16, big end first, with a byte order mark', swapped(BOM + callback())],
  ['of gzip', gzipSync(callback())],
].map(([name, bytes]) => kept(`bytes ${String(name)}, no UTF-8`, bytes as Uint8Array, 'not UTF-8'));

const inUtf8: readonly Case[] = [
  kept('UTF-16 of ASCII, which is UTF-8 with NUL', Buffer.from('{"a":1}', 'utf16le'), 'not JSON'),
  kept('UTF-16, big end first, of ASCII', swapped('{"a":1}'), 'not JSON'),
  kept('a raw NUL in a value', callback().replace('é', '\0'), 'not JSON'),
  kept('a raw NUL in an id', '{"task":{"task_id":"a\0","status":"x"}}', 'not JSON'),
  kept('a raw NUL behind the body', `${callback()}\0`, 'not JSON'),
  kept('nothing but NUL', '\0\0\0', 'not JSON'),
  kept('control characters', '\u0001\u0008\u000b\u001f\u007f', 'not JSON'),
  kept('nothing but a byte order mark', BOM, 'empty'),
  kept('two byte order marks', BOM + BOM + callback(), 'not JSON'),
  kept('a byte order mark within', callback().replace(':', `:${BOM}`), 'not JSON'),
  kept('a form', `payload=${encodeURIComponent(callback())}`, 'not JSON'),
  kept('base64 of a callback', Buffer.from(callback()).toString('base64'), 'not JSON'),
  kept('HTML', '<html>é 😀</html>', 'not JSON'),
];

const encoded: readonly Case[] = ['application/json', 'application/octet-stream', ''].map((type) =>
  kept(
    `gzip with its content-encoding, as ${type || 'no type'}`,
    gzipSync(callback()),
    'not UTF-8',
    {
      'content-type': type,
      'content-encoding': 'gzip',
    },
  ),
);

const types = [
  '',
  'text/plain',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'application/vnd.api+json',
  'application/json; charset=utf-16',
  'multipart/form-data; boundary=x',
  'nonsense',
];

const withBom = stored('a task behind a byte order mark', ',"a":"é😀\ufeff"');

export const encodings: readonly Case[] = [
  ...notUtf8,
  ...inUtf8,
  ...encoded,
  { ...withBom, body: Buffer.concat([Buffer.from(BOM), withBom.body]) },
  ...types.map((type) =>
    stored(`a task of type ${JSON.stringify(type)}`, ',"a":"é😀"', {
      headers: { 'content-type': type },
    }),
  ),
];
