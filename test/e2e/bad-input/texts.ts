import { type Case, kept, nextId, stored, storedAs } from './case.ts';

const LEVELS = 100_000;
const arrays = '['.repeat(LEVELS) + ']'.repeat(LEVELS);
const objects = '{"":'.repeat(LEVELS) + 'null' + '}'.repeat(LEVELS);
const mixed = '[{"a":'.repeat(LEVELS / 2) + '1' + '}]'.repeat(LEVELS / 2);

const notATask: readonly Case[] = [
  ['an empty body', '', 'empty'],
  ['blanks', ' \r\n\t', 'empty'],
  ['null', 'null', 'not an object'],
  ['an empty array', '[]', 'not an object'],
  ['a string', '"x"', 'not an object'],
  ['a number', '123', 'not an object'],
  ['true', 'true', 'not an object'],
  ['1e400 alone', '1e400', 'not an object'],
  ['100,000 levels alone', arrays, 'not an object'],
  ['100,000 brackets that never close', '['.repeat(LEVELS), 'not JSON'],
  ['JSON that breaks off', '{"task":{"task_id":"a","status":"comp', 'not JSON'],
  ['two values', '{"task":{}}{"task":{}}', 'not JSON'],
  ['NaN', '{"task":{"task_id":"a","status":"completed","n":NaN}}', 'not JSON'],
  ['a comma too many', '{"task":{"task_id":"a","status":"completed",}}', 'not JSON'],
  ['a task that is an array', '{"task_id":"a","task":[{"task_id":"a"}]}', 'no task'],
  ['a task that is a string', '{"task_id":"a","task":"{}"}', 'no task'],
  ['a task of 100,000 levels of array', `{"task_id":"a","task":${arrays}}`, 'no task'],
  ['a task under __proto__', '{"__proto__":{"task":{"task_id":"a","status":"x"}}}', 'no task'],
  ['a status under __proto__', '{"task":{"task_id":"a","__proto__":{"status":"x"}}}', 'no status'],
  ['an empty status', '{"task":{"task_id":"a","status":""}}', 'no status'],
  ['a status of 100,000 levels', `{"task":{"task_id":"a","status":${arrays}}}`, 'no status'],
  ['a status of 901 bytes', `{"task":{"task_id":"a","status":"${'x'.repeat(901)}"}}`, 'no status'],
  ['a status that is a lone surrogate', '{"task":{"task_id":"a","status":"\\ud800"}}', 'no status'],
].map(([name = '', body = '', reason = '']) => kept(name, body, reason));

const names: readonly Case[] = [
  stored('__proto__ in the task', ',"__proto__":{"status":"canceled","task_id":"other"}'),
  stored('__proto__ that is null', ',"__proto__":null,"constructor":null,"toString":1'),
  stored('__proto__ beside the task', '', {
    beside: ',"__proto__":{"task":{"task_id":"other"},"status":"canceled"}',
    envelope: '{"__proto__":{"task":{"task_id":"other"},"status":"canceled"}}',
  }),
  stored('names of methods beside the task', '', {
    beside: ',"constructor":{"prototype":1},"hasOwnProperty":false',
    envelope: '{"constructor":{"prototype":1},"hasOwnProperty":false}',
  }),
  stored('integer-like keys', ',"10":1,"2":2,"-1":3,"1":{"9":0,"8":0},"4294967295":4,"01":5'),
  stored(
    'keys that are lone surrogates, NUL or empty',
    ',"\\ud800":1,"\\udfff":2,"\\u0000":3,"":4',
  ),
  stored('a lone surrogate for a name beside the task', '', {
    beside: ',"\\ud800" : "\\udc00"',
    envelope: '{"\\ud800":"\\udc00"}',
  }),
  stored('one name again and again', ',"a":1,"a":2,"\\u0061":3,"a":1'),
  stored('10,000 members', Array.from({ length: 10_000 }, (_, n) => `,"${String(n)}":0`).join('')),
];

const doubled = nextId();
const lastTask = stored('a task twice, of which the last counts', ',"n":2');
const twice: readonly Case[] = [
  {
    ...lastTask,
    body: Buffer.from(
      `{"task":{"task_id":"first","status":"x"},${Buffer.from(lastTask.body).toString().slice(1)}`,
    ),
  },
  storedAs(
    'task_id and status twice, of which the last count',
    `{"task_id":"first","status":"pending","task_id":"${doubled}","status":"error"}`,
    { taskId: doubled, status: 'error' },
  ),
  stored('members beside the task twice', '', {
    beside: ',"status":"pending","note":1,"note":[2 ]',
    envelope: '{"status":"pending","note":[2 ]}',
  }),
];

const values: readonly Case[] = [
  stored('1e400, -0, 1E-400', ',"a":1e400,"b":-0,"c":1E-400,"d":-1e+999,"e":0.10'),
  stored('40 digits', ',"a":1234567890123456789012345678901234567890,"b":0.1234567890123456789012'),
  stored('huge exponents for times', ',"completed_at":1e999999,"created_at":1e308', {
    head: { completedAt: undefined, createdAt: undefined },
  }),
  stored(
    'times beyond the calendar',
    ',"completed_at":"9999-12-31T23:59:59-23:59","created_at":"0000-01-01T00:00:00+23:59"',
    {
      head: {
        completedAt: '+010000-01-01T23:58:59.000Z',
        createdAt: '-000001-12-31T00:01:00.000Z',
      },
    },
  ),
  stored('times that are none', ',"completed_at":"2025-99-99T99:99:99Z","updated_at":"1e400"', {
    head: { completedAt: undefined, updatedAt: undefined },
  }),
  stored(
    'lone surrogates in values',
    ',"project":"\\ud800","batch":{"name":"\\udc00"},"a":"\\ud83d"',
    {
      head: { project: undefined, batch: undefined },
    },
  ),
  stored('NUL in values', ',"project":"a\\u0000b","unique_id":"\\u0000"', {
    head: { project: 'a\0b', uniqueId: '\0' },
  }),
  stored('members of other types', ',"type":{},"is_test":"yes","audits":{},"threads":5,"batch":[]'),
  stored('a string of 1 MB', `,"a":"${'x'.repeat(1_000_000)}"`),
  stored('a string of 1 MB beside the task', '', {
    beside: `,"a":"${'y'.repeat(1_000_000)}"`,
    envelope: `{"a":"${'y'.repeat(1_000_000)}"}`,
  }),
  stored(
    'escapes and white space',
    ' ,\r\n\t"\\u0061\\/" : "\\ud83d\\ude00😀\\u00e9é\u2028\ufffe" ',
  ),
];

const odd = nextId();
const statuses: readonly Case[] = [
  storedAs('a status with NUL', `{"task_id":"${odd}","status":"a\\u0000b"}`, {
    taskId: odd,
    status: 'a\0b',
  }),
  storedAs(
    'a status of 900 bytes',
    `{"task_id":"long status","status":"${'é'.repeat(450)}","completed_at":"2025-01-01T00:00:00Z"}`,
    { taskId: 'long status', status: 'é'.repeat(450) },
  ),
];

const nesting: readonly Case[] = [
  ['arrays', arrays],
  ['objects', objects],
  ['both', mixed],
].flatMap(([name = '', deep = '']) => [
  stored(`100,000 levels of ${name} in the task`, `,"response":${deep}`),
  stored(
    `100,000 levels of ${name} where the mirror reads`,
    `,"threads":${deep},"project":${deep}`,
  ),
  stored(`100,000 levels of ${name} beside the task`, '', {
    beside: `,"response":${deep}`,
    envelope: `{"response":${deep}}`,
  }),
  stored(`100,000 levels of ${name} in both places`, `,"response": ${deep}`, {
    beside: `,"response":${deep}`,
  }),
]);

export const texts: readonly Case[] = [
  ...notATask,
  ...names,
  ...twice,
  ...values,
  ...statuses,
  ...nesting,
];
