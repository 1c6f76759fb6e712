import type { Head } from '../../../shared/tasks/head.ts';
import type { TaskDocument, TaskTable } from '../../../shared/tasks/task-table.ts';
import { aDocument, aHead, aReference, aTaskId, incompressibleText } from '../records.ts';

/** What every `TaskTable` promises of a task's history. */
export function taskHistoryContract(create: () => TaskTable | Promise<TaskTable>): void {
  let table: TaskTable;

  beforeAll(async () => {
    table = await create();
  });

  /** Stores documents of one task, each the next one after the one before. */
  const storeChain = async (taskId: string, texts: readonly string[]): Promise<TaskDocument[]> => {
    const documents: TaskDocument[] = [];
    for (const text of texts) {
      const previous = documents.at(-1)?.record;
      const revision = documents.length + 1;
      const document = aDocument({ taskId, text, revision, ...(previous && { previous }) });
      await table.putDocument(document);
      documents.push(document);
    }
    return documents;
  };

  const headAt = ({ taskId, record }: TaskDocument): Head =>
    aHead({ taskId, current: record, documents: { v1: aReference({ record }) } });

  const entryOf = (document: TaskDocument) => {
    const { record, api, source, interval, substance, previous } = document;
    return { record, api, source, interval, substance, previous };
  };

  test('the history is what the head points at and all before it, newest first', async () => {
    const [first, second, third] = await storeChain(aTaskId(), ['{"a":1}', '{"a":2}', '{"a":1}']);

    const history = await table.getHistory(headAt(third ?? aDocument()));

    expect(history).toEqual([third, second, first].map((one) => entryOf(one ?? aDocument())));
  });

  test('a document that only stands there is not in the history', async () => {
    const taskId = aTaskId();
    const [first = aDocument()] = await storeChain(taskId, ['{"a":1}']);
    const orphan = aDocument({ taskId, revision: 2, text: '{"b":1}', previous: first.record });
    await table.putDocument(orphan);

    await expect(table.getHistory(headAt(first))).resolves.toEqual([entryOf(first)]);
  });

  test('of two shapes the one that was written last begins the history', async () => {
    const [first, last] = await storeChain(aTaskId(), ['{"a":1}', '{"a":2}']);
    const [v1, v2] = [last?.record, first?.record].map((record) =>
      aReference({ record: record ?? '' }),
    );
    const head = aHead({
      taskId: first?.taskId ?? '',
      current: first?.record ?? '',
      documents: { ...(v1 && { v1 }), ...(v2 && { v2 }) },
    });

    const history = await table.getHistory(head);

    expect(history.map(({ record }) => record)).toEqual([last?.record, first?.record]);
  });

  test('a history of megabytes is complete', async () => {
    const texts = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => incompressibleText(346_000 - n));
    const documents = await storeChain(aTaskId(), texts);

    const history = await table.getHistory(headAt(documents.at(-1) ?? aDocument()));

    expect(history).toEqual(documents.reverse().map(entryOf));
  });

  test('a history ends where its documents have expired', async () => {
    const taskId = aTaskId();
    const gone = aDocument({ taskId, text: '{"a":1}' });
    const last = aDocument({ taskId, revision: 2, text: '{"a":2}', previous: gone.record });
    await table.putDocument(last);

    await expect(table.getHistory(headAt(last))).resolves.toEqual([entryOf(last)]);
  });

  test('beyond an expired document stands what the head still refers to', async () => {
    const taskId = aTaskId();
    const first = aDocument({ taskId, text: '{"a":1}' });
    const gone = aDocument({ taskId, revision: 2, text: '{"a":2}', previous: first.record });
    const last = aDocument({ taskId, revision: 3, text: '{"a":3}', previous: gone.record });
    await table.putDocument(first);
    await table.putDocument(last);
    const head = aHead({
      taskId,
      current: last.record,
      documents: { v1: aReference(last), v2: aReference(first) },
    });

    await expect(table.getHistory(head)).resolves.toEqual([entryOf(last), entryOf(first)]);
  });

  test('a head without documents has no history', async () => {
    const taskId = aTaskId();
    await storeChain(taskId, ['{"a":1}']);

    await expect(table.getHistory(aHead({ taskId, documents: {} }))).resolves.toEqual([]);
  });
}
