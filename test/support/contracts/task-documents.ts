import { sha256 } from '../../../shared/documents/digest.ts';
import type { TaskDocument, TaskTable } from '../../../shared/tasks/task-table.ts';
import { aDocument, incompressibleText } from '../records.ts';

/** As Scale may send it: nothing that a parser and a serialiser would leave as it is. */
const AWKWARD_TEXT =
  '\ufeff { "2": 1, "1": 9007199254740993123, "x": 1.0e5, "x": "\\u00e9é\\/\\ud83d\\ude00😀",' +
  '\r\n\t"lone": "\\ud800", "line": "\u2028", "nul": "\\u0000" }\n';

/** What every `TaskTable` promises of its documents. */
export function taskDocumentsContract(create: () => TaskTable | Promise<TaskTable>): void {
  let table: TaskTable;

  beforeAll(async () => {
    table = await create();
  });

  const stored = ({ taskId, record }: TaskDocument): Promise<TaskDocument | undefined> =>
    table.getDocument(taskId, record);

  test('a document is read back with all that is known of it', async () => {
    const document = aDocument({
      api: 'v2',
      source: 'backfill',
      envelope: '{"response":{"odd":true}}',
      previous: 'document#0000000001#abc',
    });

    await expect(table.putDocument(document)).resolves.toBe('created');

    await expect(stored(document)).resolves.toEqual(document);
  });

  test('a document without envelope and history is read back so', async () => {
    const document = aDocument();

    await table.putDocument(document);

    await expect(stored(document)).resolves.toEqual(document);
  });

  test.each([
    ['an awkward text', AWKWARD_TEXT],
    ['a body of 255 KiB', incompressibleText(347_000)],
    ['a body of 256 KiB and a little', incompressibleText(348_200)],
    ['a body of 4 MiB', incompressibleText(5_600_000)],
    ['a text of 5 MB that shrinks well', `{"task_id":"1","x":"${'ab'.repeat(2_500_000)}"}`],
  ])('%s comes back byte for byte', async (_, text) => {
    const document = aDocument({ text });

    await table.putDocument(document);

    const read = await stored(document);
    expect(sha256(read?.text ?? '')).toBe(document.sha256);
    expect(read?.bytes).toBe(Buffer.byteLength(text));
  });

  test.each([
    ['a small envelope beside a body of 255 KiB', 347_000, 60_000],
    ['an envelope that does not fit beside a body of 255 KiB', 347_000, 250_000],
    ['a large envelope beside a large body', 348_200, 120_000],
  ])('%s comes back, and so does the body', async (_, bodyLength, envelopeLength) => {
    const envelope = incompressibleText(envelopeLength);
    const document = aDocument({ text: incompressibleText(bodyLength), envelope });

    await table.putDocument(document);

    const read = await stored(document);
    expect(sha256(read?.envelope ?? '')).toBe(sha256(envelope));
    expect(sha256(read?.text ?? '')).toBe(document.sha256);
  });

  test('a record that is not there is absent', async () => {
    const { taskId, record } = aDocument();

    await expect(table.getDocument(taskId, record)).resolves.toBeUndefined();
  });

  test('a record that is there already is adopted, and stays as it is', async () => {
    const document = aDocument({ source: 'callback' });
    await table.putDocument(document);

    await expect(table.putDocument({ ...document, source: 'backfill' })).resolves.toBe('adopted');

    await expect(stored(document)).resolves.toEqual(document);
  });

  test('a created record is removed', async () => {
    const document = aDocument();
    await table.putDocument(document);

    await table.removeDocument(document.taskId, document.record);

    await expect(stored(document)).resolves.toBeUndefined();
  });

  test('an adopted record is not removed', async () => {
    const document = aDocument();
    await table.putDocument(document);
    await table.putDocument(document);

    await table.removeDocument(document.taskId, document.record);

    await expect(stored(document)).resolves.toEqual(document);
  });

  test('a removed record can be created again', async () => {
    const document = aDocument();
    await table.putDocument(document);
    await table.removeDocument(document.taskId, document.record);

    await expect(table.putDocument(document)).resolves.toBe('created');

    await expect(stored(document)).resolves.toEqual(document);
  });

  test('removing what is not there does nothing', async () => {
    const { taskId, record } = aDocument();

    await expect(table.removeDocument(taskId, record)).resolves.toBeUndefined();
    await expect(table.putDocument(aDocument({ taskId }))).resolves.toBe('created');
  });

  test('writers of the same record at once: one creates it, the others adopt it', async () => {
    const document = aDocument();

    const outcomes = await Promise.all([1, 2, 3, 4].map(() => table.putDocument(document)));

    expect([...outcomes].sort()).toEqual(['adopted', 'adopted', 'adopted', 'created']);
  });

  test('of many documents at once each is created, those of some size too, and one that is there is adopted', async () => {
    const known = aDocument();
    await table.putDocument(known);
    const texts = [incompressibleText(40_000), incompressibleText(100_000), AWKWARD_TEXT];
    const many = Array.from({ length: 57 }, (_, n) =>
      aDocument({ text: texts[n] ?? `{"n":${String(n)}}` }),
    );

    const outcomes = await Promise.all([known, ...many].map((one) => table.putDocument(one)));

    expect(outcomes).toEqual(['adopted', ...many.map(() => 'created')]);
    await expect(Promise.all(many.map(stored))).resolves.toEqual(many);
  });

  test('a document that will expire is there until then, and one that is not there is not made', async () => {
    const document = aDocument();
    await table.putDocument(document);
    await table.expireDocument(document.taskId, document.record, Date.now() + 3_600_000);
    await table.expireDocument(document.taskId, 'document#none', Date.now() + 3_600_000);

    await expect(table.getDocument(document.taskId, document.record)).resolves.toMatchObject({
      text: document.text,
    });
    await expect(table.getDocument(document.taskId, 'document#none')).resolves.toBeUndefined();
  });
}
