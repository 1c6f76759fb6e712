import { setImmediate } from 'node:timers/promises';

import {
  type BatchExecuteStatementCommandInput,
  type BatchGetItemCommandInput,
  type BatchStatementErrorCodeEnum,
  type BatchStatementResponse,
  type DynamoDBClient,
  DynamoDBServiceException,
} from '@aws-sdk/client-dynamodb';
import * as fc from 'fast-check';

/** What becomes of a statement of a batch: all is well, or its answer names an error. */
type Fate = 'done' | { readonly code: BatchStatementErrorCodeEnum; readonly isWritten: boolean };

/**
 * What happens to a call, the SDK's own tries and all:
 * - `tried again`: it is carried out, and so is the SDK's next try, whose answer arrives
 * - `answer lost`: it is carried out, and fails
 * - `late`: it fails, and is carried out some turns later, while others go on
 * - `not reached`, `refused`: it fails, and nothing was done
 * - `in part`: of a batch, statements share these fates, or all keys but one stay unread
 * - `cut short`: of a batch of statements so many are done, and the answer has no word of the others
 */
type CallFault =
  | { readonly kind: 'none' | 'tried again' | 'answer lost' | 'not reached' }
  | { readonly kind: 'late'; readonly turns: number }
  | { readonly kind: 'refused'; readonly name: string }
  | { readonly kind: 'in part'; readonly fates: readonly Fate[] }
  | { readonly kind: 'cut short'; readonly answers: number };

/** Every one that the SDK knows, but for reads. Some come of a write that was made all the same. */
const codes: BatchStatementErrorCodeEnum[] = [
  ...([
    'ConditionalCheckFailed',
    'ItemCollectionSizeLimitExceeded',
    'RequestLimitExceeded',
  ] as const),
  ...(['ValidationError', 'ProvisionedThroughputExceeded', 'TransactionConflict'] as const),
  ...(['ThrottlingError', 'InternalServerError', 'ResourceNotFound', 'AccessDenied'] as const),
  'DuplicateItem',
];

const names = [
  ...['InternalServerError', 'AccessDeniedException', 'ValidationException'],
  ...['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'],
];

const fate: fc.Arbitrary<Fate> = fc.oneof(
  fc.constant('done' as const),
  fc.record({ code: fc.constantFrom(...codes), isWritten: fc.boolean() }),
);

const wholeFault = [
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('tried again', 'answer lost', 'not reached') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('late'), turns: fc.integer({ min: 0, max: 9 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('refused'), name: fc.constantFrom(...names) }),
  },
];

const inPart = fc.record({
  kind: fc.constant('in part'),
  fates: fc.array(fate, { minLength: 1, maxLength: 5 }),
});

const cutShort = fc.record({
  kind: fc.constant('cut short'),
  answers: fc.integer({ min: 1, max: 3 }),
});

const none = { weight: 5, arbitrary: fc.constant({ kind: 'none' as const }) };

/** What happens to the calls of a worker, in turn: those that carry several statements, and all others. */
export interface CallFaults {
  readonly statements: readonly CallFault[];
  readonly others: readonly CallFault[];
}

/** Some of each; when they are used up, every call ends well. */
export const callFaults: fc.Arbitrary<CallFaults> = fc.record({
  statements: fc.array<CallFault>(
    fc.oneof(
      none,
      ...wholeFault,
      { weight: 3, arbitrary: inPart },
      { weight: 2, arbitrary: cutShort },
    ),
    { maxLength: 4 },
  ),
  others: fc.array<CallFault>(fc.oneof(none, ...wholeFault, { weight: 1, arbitrary: inPart }), {
    maxLength: 10,
  }),
});

/** A `DeleteItem` that comes late may meet a document that was made anew, so deletions are left alone. */
const FAULTY: ReadonlySet<string | undefined> = new Set([
  ...['PutItemCommand', 'UpdateItemCommand', 'BatchGetItemCommand'],
]);

/** The calls of a client meet these faults. Answers a wait for what is late. */
export function failInTurn(client: DynamoDBClient, faults: CallFaults) {
  const statementsLeft = [...faults.statements];
  const othersLeft = [...faults.others];
  const faultOf = (command: string | undefined): CallFault | undefined => {
    if (command === 'BatchExecuteStatementCommand') return statementsLeft.shift();
    return FAULTY.has(command) ? othersLeft.shift() : undefined;
  };
  let late: Promise<unknown>[] = [];
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const fault = faultOf(commandName) ?? { kind: 'none' };
        const carryOut = (input: object = args.input) => next({ ...args, input });
        switch (fault.kind) {
          case 'none':
            return carryOut();
          case 'tried again':
            await carryOut().catch(() => undefined);
            return carryOut();
          case 'answer lost':
            await carryOut().catch(() => undefined);
            throw brokenOff();
          case 'late':
            late.push(afterTurns(fault.turns).then(() => carryOut().catch(() => undefined)));
            throw brokenOff();
          case 'not reached':
            throw brokenOff();
          case 'refused':
            throw refused(fault.name);
          case 'in part': {
            const { input } = args;
            if (commandName === 'BatchGetItemCommand') return oneKey(input as never, carryOut);
            if (commandName !== 'BatchExecuteStatementCommand') return carryOut();
            return statements(input as BatchExecuteStatementCommandInput, fault.fates, carryOut);
          }
          case 'cut short': {
            const { Statements } = args.input as BatchExecuteStatementCommandInput;
            return carryOut({ Statements: Statements?.slice(0, fault.answers) });
          }
        }
      },
    { step: 'initialize' },
  );
  return async (): Promise<void> => {
    const waiting = late;
    late = [];
    await Promise.all(waiting);
  };
}

type CarryOut = (input: object) => Promise<{ readonly output: object; readonly response: unknown }>;

async function oneKey({ RequestItems = {} }: BatchGetItemCommandInput, carryOut: CarryOut) {
  const [[table, { Keys = [], ...options }] = ['', {}]] = Object.entries(RequestItems);
  const [first, ...others] = Keys;
  const Keyed = { ...options, Keys: first ? [first] : [] };
  const { output, response } = await carryOut({ RequestItems: { [table]: Keyed } });
  const UnprocessedKeys = others.length > 0 ? { [table]: { ...options, Keys: others } } : {};
  return { response, output: { ...output, UnprocessedKeys } as never };
}

async function statements(
  { Statements = [] }: BatchExecuteStatementCommandInput,
  fates: readonly Fate[],
  carryOut: CarryOut,
) {
  const fateOf = (index: number): Fate => fates[index % fates.length] ?? 'done';
  const isWritten = (one: Fate): boolean => one === 'done' || one.isWritten;
  const some = Statements.filter((_, index) => isWritten(fateOf(index)));
  const answer = some.length === 0 ? undefined : await carryOut({ Statements: some });
  const { Responses: told = [] } = (answer?.output ?? {}) as {
    Responses?: BatchStatementResponse[];
  };
  const answers = told.values();
  const Responses = Statements.map((_, index): BatchStatementResponse => {
    const one = fateOf(index);
    const own = isWritten(one) ? (answers.next().value ?? {}) : {};
    return one === 'done' ? own : { Error: { Code: one.code, Message: 'no' } };
  });
  return { response: answer?.response, output: { $metadata: {}, Responses } as never };
}

function refused(name: string): DynamoDBServiceException {
  return new DynamoDBServiceException({ name, message: 'no', $fault: 'client', $metadata: {} });
}

function brokenOff(): Error {
  return Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
}

async function afterTurns(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await setImmediate();
}
