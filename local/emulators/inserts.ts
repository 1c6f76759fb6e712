import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';

import putItem from 'dynalite/actions/putItem.js';
import type { Store, TableFound } from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';
import putItemRules from 'dynalite/validations/putItem.js';
import * as v from 'valibot';

/** DynamoDB's limit. */
const MOST_STATEMENTS = 25;

const batch = v.object({
  Statements: v.pipe(
    v.array(v.object({ Statement: v.string(), Parameters: v.optional(v.array(v.unknown()), []) })),
    v.minLength(1),
    v.maxLength(MOST_STATEMENTS),
  ),
});

const table = v.object({ KeySchema: v.tuple([v.object({ AttributeName: v.string() })]) });

const failure = v.object({
  body: v.object({ __type: v.string(), message: v.optional(v.string()) }),
});

/** How a statement says what its PutItem would have said (API reference, "BatchStatementError"). */
const codes: Readonly<Record<string, string>> = {
  ConditionalCheckFailedException: 'DuplicateItem',
  ResourceNotFoundException: 'ResourceNotFound',
  ValidationException: 'ValidationError',
};

interface Failed {
  readonly Code: string;
  readonly Message: string;
}

/**
 * Has a dynalite, which knows no PartiQL, answer BatchExecuteStatement as far as the mirror says it: `INSERT INTO "table" VALUE
 * {'name': ?, …}`. Any other statement is answered with an error of its own.
 */
export function answerInserts(server: Server, store: Store): void {
  const others = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.headers['x-amz-target'] === 'DynamoDB_20120810.BatchExecuteStatement') {
      answer(store, request, response).catch(() => response.destroy());
      return;
    }
    for (const other of others) other.call(server, request, response);
  });
}

async function answer(
  store: Store,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = v.safeParse(batch, await json(request));
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  if (!asked.success) {
    const { message } = asked.issues[0];
    const __type = 'com.amazon.coral.validate#ValidationException';
    response.writeHead(400).end(JSON.stringify({ __type, message }));
    return;
  }
  const Responses = await Promise.all(
    asked.output.Statements.map(async ({ Statement, Parameters }) => {
      const failed = await insert(store, Statement, Parameters);
      return failed === undefined ? {} : { Error: failed };
    }),
  );
  response.end(JSON.stringify({ Responses }));
}

const INSERT = /^INSERT INTO "([\w.-]+)" VALUE \{(.+)\}$/;
const MEMBER = /^'([^']+)': \?$/;

async function insert(
  store: Store,
  statement: string,
  parameters: readonly unknown[],
): Promise<Failed | undefined> {
  const [, TableName = '', members = ''] = INSERT.exec(statement) ?? [];
  const wanted = members.split(', ');
  const pairs = wanted.flatMap((member, index): [string, unknown][] => {
    const name = MEMBER.exec(member)?.[1];
    return name === undefined || index >= parameters.length ? [] : [[name, parameters[index]]];
  });
  if (pairs.length !== parameters.length || pairs.length !== wanted.length) {
    const Message = `this emulator knows INSERT INTO "table" VALUE {'name': ?} alone`;
    return { Code: 'ValidationError', Message };
  }
  try {
    await put(store, {
      TableName,
      Item: Object.fromEntries(pairs),
      Expected: { [await keyOf(store, TableName)]: { Exists: false } },
    });
    return undefined;
  } catch (error) {
    return failedOf(error);
  }
}

const findTable = promisify((store: Store, name: string, done: TableFound) => {
  store.getTable(name, done);
});

/** An attribute that every item of the table has. */
async function keyOf(store: Store, tableName: string): Promise<string> {
  return v.parse(table, await findTable(store, tableName)).KeySchema[0].AttributeName;
}

const putChecked = promisify(putItem);

/** What dynalite does with a PutItem that came over the wire. */
async function put(store: Store, request: object): Promise<void> {
  const { types, custom } = putItemRules;
  const checked = validations.checkTypes(request, types);
  validations.checkValidations(checked, types, custom, store);
  await putChecked(store, checked);
}

function failedOf(error: unknown): Failed {
  const known = v.safeParse(failure, error);
  if (!known.success) return { Code: 'InternalServerError', Message: String(error) };
  const { __type, message = '' } = known.output.body;
  return { Code: codes[__type.split('#').at(-1) ?? ''] ?? 'InternalServerError', Message: message };
}
