import { type Case, kept, nextId, stored, storedAs } from './case.ts';

const unusable: readonly [name: string, json: string][] = [
  ['missing for being null', 'null'],
  ['empty', '""'],
  ['3 KB long', JSON.stringify('x'.repeat(3_072))],
  ['3 KB of emoji', JSON.stringify('😀'.repeat(768))],
  ['1,000 bytes', JSON.stringify('x'.repeat(1_000))],
  ['1,000 bytes of emoji', JSON.stringify('😀'.repeat(250))],
  ['a number', '5'],
  ['1e400', '1e400'],
  ['40 digits', '1234567890123456789012345678901234567890'],
  ['true', 'true'],
  ['false', 'false'],
  ['an object', '{"task_id":"inner"}'],
  ['an array', '["inner"]'],
  ['100,000 levels', '['.repeat(100_000) + ']'.repeat(100_000)],
  ['a lone high surrogate', '"\\ud800"'],
  ['a lone low surrogate within others', '"a\\udc00b"'],
  ['two surrogates in the wrong order', '"\\ude00\\ud83d"'],
];

/** Bodies that say which task, but not in a way that can be a key. */
const withoutUsableId: readonly Case[] = unusable.flatMap(([name, json]) => [
  kept(
    `a task_id that is ${name}`,
    `{"task_id":${json},"task":{"task_id":${json},"status":"completed"}}`,
    'no usable task id',
  ),
  kept(
    `a hint whose task_id is ${name}`,
    `{"task_id":${json}}`,
    json === 'null' ? 'no task' : 'no usable task id',
  ),
]);

const ids: readonly [name: string, id: string][] = [
  ['a slash', '/'],
  ['one dot', '.'],
  ['two dots', '..'],
  ['steps between folders', '../../unrecognised/x'],
  ['percent', '%'],
  ['percent-encoded dots', '%2e%2e'],
  ['a query', '?a=1&b=2'],
  ['a fragment', '#'],
  ['a space', ' '],
  ['a line end', 'a\r\nb'],
  ['quotes and a backslash', '"\\'],
  ['emoji', '😀👩‍👩‍👧'],
  ['NUL', '\0'],
  ['NUL between letters', 'a\0b'],
  ['letters before a NUL', 'a'],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['toString', 'toString'],
  ['an id like a record', 'document#0000000001#abc'],
  ['a letter with its accent', '\u00e9'],
  ['a letter and its accent', 'e\u0301'],
  ['the replacement character', '\ufffd'],
  ['U+FFFE', '\ufffe'],
  ['a byte order mark', '\ufeffid'],
  ['a line separator', '\u2028'],
  ['999 bytes', 'x'.repeat(999)],
  ['999 bytes of emoji and three letters', `${'😀'.repeat(249)}xyz`],
];

const id = nextId();
const escaped = id.replaceAll(/./g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);

export const taskIds: readonly Case[] = [
  kept('a body without task_id', '{"task":{"status":"completed"}}', 'no usable task id'),
  kept('an empty object', '{}', 'no task'),
  kept('two ids', '{"task_id":"a","task":{"task_id":"b","status":"completed"}}', 'two task ids'),
  kept('a hint to a task that nobody knows', '{"task_id":"../../nobody"}', 'unknown to Scale'),
  kept('a hint to 999 bytes of NUL', `{"task_id":"${'\\u0000'.repeat(999)}"}`, 'unknown to Scale'),
  ...withoutUsableId,
  ...ids.map(([name, taskId]) => stored(`an id of ${name}`, '', { taskId })),
  storedAs('an id in escapes', `{"task_id":"${escaped}","status":"completed"}`, { taskId: id }),
  storedAs('an id that stands only beside the task', '{"status":"completed"}', {
    taskId: 'only beside',
    beside: ',"task_id":"only beside"',
    envelope: '{"task_id":"only beside"}',
  }),
];
