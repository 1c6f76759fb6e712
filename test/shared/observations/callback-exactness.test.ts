import fc from 'fast-check';

import { parseCallback } from '../../../shared/observations/callback.ts';
import { objectText } from '../documents/arbitrary-json.ts';
import { callbackObservation, seenInCallback } from './seen.ts';

const DEEP = 100_000;

describe('the document', () => {
  it('is every byte of the task, whatever the writing', () => {
    fc.assert(
      fc.property(objectText, fc.constantFrom('', ' ', '\r\n\t'), ({ text }, space) => {
        const task = `{"task_id":"task-1","status":"completed","rest":${text}${space}}`;
        const body = `${space}{"task_id":"task-1","task"${space}:${space}${task}${space}}${space}`;
        expect(seenInCallback(body).text).toBe(task);
      }),
    );
  });

  it('keeps digits, escapes, key order, white space and repeated names', () => {
    const task = String.raw`{ "9":1, "1" : 1234567890123456789012345678901234567890,
      "status":"compl\u0065ted","a":1.50e+03,"a":-0,"\u00e9":"\/\ud83d\ude00\ud800", "task_id":"task-1" }`;
    const seen = seenInCallback(`{"response":null,"task":${task},"task_id":"t\\u0061sk-1"}`);
    expect(seen.text).toBe(task);
    expect(seen).toMatchObject({ taskId: 'task-1', status: 'completed' });
  });

  it('is the last of several tasks, as for JSON.parse', () => {
    const [first, last] = ['error', 'completed'].map(
      (status) => `{ "task_id":"task-1","status":"${status}" }`,
    );
    const seen = seenInCallback(
      `{"task":${String(first)},"status":"x","t\\u0061sk": ${String(last)} }`,
    );
    expect(seen).toMatchObject({ text: last, status: 'completed' });
  });

  it('is a hint where the last of several tasks is null', () => {
    const text = '{"task_id":"task-1","task":{"task_id":"task-1","status":"error"},"task":null}';
    expect(parseCallback(text)).toEqual({ kind: 'trigger', taskId: 'task-1' });
  });

  it('keeps members called __proto__', () => {
    const task = '{"__proto__":{"status":"error"},"task_id":"task-1","status":"completed"}';
    expect(seenInCallback(`{"__proto__":{"task":1},"task":${task}}`)).toMatchObject({
      text: task,
      status: 'completed',
    });
  });

  it('keeps 100,000 levels', () => {
    const deep = '{"a":['.repeat(DEEP / 2) + ']}'.repeat(DEEP / 2);
    const task = `{"task_id":"task-1","status":"completed","response":${deep}}`;
    const { document } = callbackObservation(`{"task":${task},"response":${deep}}`);
    expect(document?.text.length).toBe(task.length);
    expect(document?.text === task).toBe(true);
  });

  it('keeps 100,000 levels in members that the mirror reads', () => {
    const deep = '['.repeat(DEEP) + ']'.repeat(DEEP);
    const members = ['project', 'batch', 'audits', 'threads', 'is_test', 'completed_at'];
    const task = `{"task_id":"task-1","status":"completed",${members.map((name) => `"${name}":${deep}`).join(',')}}`;
    expect(callbackObservation(`{"task":${task}}`).document?.text === task).toBe(true);
  });

  it('is counted and hashed in UTF-8', () => {
    const task = '{"task_id":"task-1","status":"completed","a":"é😀"}';
    const { document } = callbackObservation(`{"task":${task}}`);
    expect(document).toMatchObject({
      bytes: Buffer.byteLength(task),
      sha256: '80a129576980512736ca576b012c7d2a3531085b728fb2fb7c0b17c5d5b18dc8',
    });
  });
});

describe('the envelope', () => {
  const task = '{"task_id":"task-1","status":"completed","response":{"a":1,"b":[2]}}';
  const envelope = (beside: string): string | undefined =>
    seenInCallback(`{"task":${task}${beside}}`).envelope;

  it('is not there where the task has it all', () => {
    expect(envelope('')).toBeUndefined();
    expect(envelope(',"task_id":"task-1","status":"completed"')).toBeUndefined();
  });

  it('does not repeat what only differs in writing', () => {
    expect(envelope(',"response" : { "b":[ 2 ], "\\u0061":1 }')).toBeUndefined();
  });

  it('keeps what the task lacks, to the byte', () => {
    expect(envelope(', "reviewer" : {"id": 12345678901234567890, "n":"\\u0061"} ')).toBe(
      '{"reviewer":{"id": 12345678901234567890, "n":"\\u0061"}}',
    );
  });

  it('keeps what the task contradicts', () => {
    expect(envelope(',"status":"error","response":{"a":1,"b":[3]}')).toBe(
      '{"status":"error","response":{"a":1,"b":[3]}}',
    );
  });

  it('keeps the last of several members with one name', () => {
    expect(envelope(',"note":1,"n\\u006fte":2')).toBe('{"note":2}');
  });

  it('keeps members called __proto__', () => {
    expect(envelope(',"__proto__":{"status":"error"}')).toBe('{"__proto__":{"status":"error"}}');
  });

  it('keeps an earlier task of several neither as task nor beside it', () => {
    expect(seenInCallback(`{"task":{"a":1},"task":${task}}`).envelope).toBeUndefined();
  });
});
