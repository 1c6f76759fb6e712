import type { Request } from './faulty-handler.ts';

interface Keyed {
  readonly Keys: readonly unknown[];
}

interface Statement {
  readonly Statement: string;
}

interface BatchBody {
  readonly Statements?: readonly Statement[];
  readonly Entries?: readonly { readonly Id: string }[];
  readonly RequestItems?: Readonly<Record<string, Keyed>>;
}

/** Operations whose answer may say that a part was not done. */
export const partialOperations = [
  'sqs SendMessageBatch',
  'dynamodb BatchGetItem',
  'dynamodb BatchExecuteStatement',
];

/**
 * Carries out the first half of a batch (nothing of a batch of one), or nothing, and says of the rest that
 * it was not done: `Failed` of SQS, `UnprocessedKeys` of DynamoDB, and an `Error` beside each statement.
 */
export async function inPart(
  request: Request,
  isHalf: boolean,
  send: (request: Request) => Promise<object>,
): Promise<object> {
  const body = JSON.parse(new TextDecoder().decode(request.body)) as BatchBody;
  const sendPart = (part: BatchBody) => send(withBody(request, { ...body, ...part }));
  if (body.Entries !== undefined) return entriesInPart(body.Entries, isHalf, sendPart);
  if (body.Statements !== undefined) return statementsInPart(body.Statements, isHalf, sendPart);
  const [[table, one] = ['', { Keys: [] }]] = Object.entries(body.RequestItems ?? {});
  const [done, left] = halves(one.Keys, isHalf);
  const UnprocessedKeys = { [table]: { ...one, Keys: left } };
  if (done.length === 0) return { Responses: {}, UnprocessedKeys };
  const answer = await sendPart({ RequestItems: { [table]: { ...one, Keys: done } } });
  return { ...answer, UnprocessedKeys };
}

async function entriesInPart(
  entries: readonly { readonly Id: string }[],
  isHalf: boolean,
  sendPart: (part: BatchBody) => Promise<object>,
): Promise<object> {
  const [done, left] = halves(entries, isHalf);
  const Failed = left.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false }));
  if (done.length === 0) return { Successful: [], Failed };
  return { ...(await sendPart({ Entries: done })), Failed };
}

async function statementsInPart(
  statements: readonly Statement[],
  isHalf: boolean,
  sendPart: (part: BatchBody) => Promise<object>,
): Promise<object> {
  const [done, left] = halves(statements, isHalf);
  const Error = { Code: 'ThrottlingError', Message: 'no' };
  const failed = left.map(() => ({ Error }));
  if (done.length === 0) return { Responses: failed };
  const { Responses } = (await sendPart({ Statements: done })) as { Responses: object[] };
  return { Responses: [...Responses, ...failed] };
}

function halves<T>(all: readonly T[], isHalf: boolean): [T[], T[]] {
  const count = isHalf ? Math.floor(all.length / 2) : 0;
  return [all.slice(0, count), all.slice(count)];
}

function withBody(request: Request, content: object): Request {
  const body = Buffer.from(JSON.stringify(content));
  const headers = { ...request.headers, 'content-length': String(body.byteLength) };
  return { ...request, body, headers };
}
