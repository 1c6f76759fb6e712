import { createTelemetry } from '../../../shared/platform/telemetry.ts';

/** The log lines that a function writes while `run` goes on. */
async function linesOf(run: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const written: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  try {
    await run();
  } finally {
    write.mockRestore();
  }
  return written
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const gatewayEvent = (requestId: string) => ({ requestContext: { requestId } });

it('lines of one invocation say which, and invocations side by side are not mixed up', async () => {
  const { log, published } = createTelemetry('some');
  const handler: (event: unknown, context: unknown) => Promise<void> = published(async () => {
    log.info('first');
    await new Promise(setImmediate);
    log.info('second', { taskId: 'task-1' });
  });

  const lines = await linesOf(() =>
    Promise.all([
      handler(gatewayEvent('gateway-1'), { awsRequestId: 'lambda-1' }),
      handler({ Records: [] }, { awsRequestId: 'lambda-2' }),
    ]),
  );

  expect(lines).toHaveLength(4);
  const ofFirst = lines.filter(({ invocationId }) => invocationId === 'lambda-1');
  expect(ofFirst.map(({ message, requestId }) => [message, requestId])).toEqual([
    ['first', 'gateway-1'],
    ['second', 'gateway-1'],
  ]);
  const ofSecond = lines.filter(({ invocationId }) => invocationId === 'lambda-2');
  expect(ofSecond.map(({ message }) => message)).toEqual(['first', 'second']);
  for (const line of ofSecond) expect(line).not.toHaveProperty('requestId');
});

it.each([
  ['nothing', undefined, undefined],
  ['an event of another kind', { requestContext: 'x' }, {}],
])('an invocation with %s writes lines all the same', async (_, event, context) => {
  const { log, published } = createTelemetry('some');
  const handler: (event: unknown, context: unknown) => Promise<void> = published(async () => {
    log.info('a line', { taskId: 'task-1' });
  });

  expect(await linesOf(() => handler(event, context))).toMatchObject([
    { message: 'a line', taskId: 'task-1', service: 'some' },
  ]);
});

it('counts by a dimension and in all with one line', async () => {
  const { metrics, published } = createTelemetry('some');
  const handler = published(async () => {
    metrics.countBy('CallbackAccepted', 'callbackKey', 'key-1');
  });

  const lines = await linesOf(() => handler({}));

  expect(lines).toMatchObject([
    {
      _aws: { CloudWatchMetrics: [{ Dimensions: [['service'], ['service', 'callbackKey']] }] },
      service: 'some',
      callbackKey: 'key-1',
      CallbackAccepted: 1,
    },
  ]);
});
