import type { BatchGetItemCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SendMessageBatchCommandInput, SQSClient } from '@aws-sdk/client-sqs';

/** The services fail as they do in real life; everything else of the calls is real. */

/**
 * The first calls of a command reach the service and are carried out, but their answers are lost on the
 * way back, as when a connection breaks. The SDK then tries again by itself.
 */
export function loseAnswers(client: DynamoDBClient | SQSClient, command: string, times = 1): void {
  let left = times;
  const stack = client.middlewareStack as DynamoDBClient['middlewareStack'];
  stack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        if (commandName !== command || left === 0) return answer;
        left -= 1;
        throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      },
    // Inside of the SDK's own retry.
    { step: 'finalizeRequest', priority: 'low' },
  );
}

/** For so many BatchGetItem calls DynamoDB answers one key of each, and leaves the others unprocessed. */
export function throttleBatchGets(client: DynamoDBClient, times: number): void {
  let left = times;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== 'BatchGetItemCommand' || left === 0) return next(args);
        left -= 1;
        const { RequestItems = {} } = args.input as BatchGetItemCommandInput;
        const [[table, { Keys = [], ...options }] = ['', {}]] = Object.entries(RequestItems);
        const [first, ...others] = Keys;
        const input = { RequestItems: { [table]: { ...options, Keys: first ? [first] : [] } } };
        const { output, response } = await next({ ...args, input });
        const UnprocessedKeys = { [table]: { ...options, Keys: others } };
        return { response, output: { ...output, UnprocessedKeys } };
      },
    { step: 'initialize' },
  );
}

/** SQS answers entries of SendMessageBatch as `Failed`: each body as often as `refusals` says. */
export function refuseEntries(client: SQSClient, refusals: (body: string) => number): void {
  const seen = new Map<string, number>();
  const isRefused = (body = ''): boolean => {
    const times = seen.get(body) ?? 0;
    seen.set(body, times + 1);
    return times < refusals(body);
  };
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== 'SendMessageBatchCommand') return next(args);
        const { QueueUrl, Entries = [] } = args.input as SendMessageBatchCommandInput;
        const refused = Entries.filter(({ MessageBody }) => isRefused(MessageBody));
        const taken = Entries.filter((entry) => !refused.includes(entry));
        const Failed = refused.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false }));
        if (taken.length === 0) return { response: {}, output: { $metadata: {}, Failed } as never };
        const { output, response } = await next({ ...args, input: { QueueUrl, Entries: taken } });
        return { response, output: { ...output, Failed } };
      },
    { step: 'initialize' },
  );
}

/** The n-th call of a command, and each later one, fails for good and reaches nobody. */
export function failCalls(client: DynamoDBClient, command: string, first: number): void {
  let calls = 0;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === command) calls += 1;
        if (commandName === command && calls >= first) throw new Error('no such luck');
        return next(args);
      },
    { step: 'initialize' },
  );
}

/** Every call as it is made, in order. */
export function recordCalls(
  client: DynamoDBClient,
): readonly { readonly command: string | undefined; readonly input: object }[] {
  const calls: { readonly command: string | undefined; readonly input: object }[] = [];
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        calls.push({ command: commandName, input: args.input });
        return next(args);
      },
    { step: 'initialize' },
  );
  return calls;
}
