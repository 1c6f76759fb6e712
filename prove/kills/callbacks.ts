import { createRandom, type Random } from './random.ts';

/** One callback of a run, made anew from its number whenever it is needed. */
export interface Callback {
  readonly taskId: string;
  /** The exact text of its task. */
  readonly task: string;
  readonly body: string;
}

const SMALLEST_BYTES = 1_024;
const LARGEST_BYTES = 2 * 1_024 * 1_024;

/** What a copy that parses and writes JSON again would change, or a store of the wrong encoding. */
const TELLTALE = '{"2":12345678901234567890.10,"1":"é😀\\u00e9\\/","x":1,"x":2, "y" :[ ]}';

/** Sizes from 1 KB to 2 MB, as many from 1 to 2 KB as from 1 to 2 MB. Half of them cannot be compressed. */
export function callbackOf(seed: number, number: number): Callback {
  const random = createRandom(seed * 1_000_003 + number);
  const taskId = `killed-${String(seed)}-${String(number)}`;
  const bytes = SMALLEST_BYTES * (LARGEST_BYTES / SMALLEST_BYTES) ** random();
  const filling = random() < 0.5 ? noise(random, bytes) : 'annotation '.repeat(bytes / 11);
  const task =
    `{"task_id":"${taskId}","type":"imageannotation","status":"completed","project":"Kills",` +
    `"created_at":"2026-11-20T10:00:00.000Z","completed_at":"2026-11-20T11:00:00.000Z",` +
    `"metadata":${TELLTALE},"response":{"filling":"${filling}"}}`;
  return { taskId, task, body: `{"task_id":"${taskId}","task":${task}}` };
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function noise(random: Random, bytes: number): string {
  const letters = Array.from({ length: 4_096 }, () => LETTERS.charAt(random() * LETTERS.length));
  const block = letters.join('');
  let text = '';
  while (text.length < bytes) text += block.slice(random() * 4_000);
  return text.slice(0, bytes);
}
