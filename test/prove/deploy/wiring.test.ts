import { environmentOf } from '../../../prove/deploy/wiring/environment.ts';
import { failuresOf } from '../../../prove/deploy/wiring/queue-source.ts';
import { scheduleEvent } from '../../../prove/deploy/wiring/schedule-event.ts';
import { wantedStreams } from '../../../prove/deploy/wiring/stream-source.ts';

const QUEUE = 'https://sqs.us-east-1.amazonaws.com/123456789012/Stack-Queue';

describe('the variables of a function', () => {
  const places = {
    awsUrl: 'http://127.0.0.1:1',
    dynamodbUrl: 'http://127.0.0.1:2',
    scaleApiUrl: 'http://127.0.0.1:3',
    queues: new Map([[QUEUE, 'Stack-Queue']]),
  };

  test('are its own, with the addresses of this machine', () => {
    const own = { QUEUE_URL: QUEUE, TABLE: 'Stack-Table', SCALE_API_URL: 'https://api.scale.com' };

    expect(environmentOf(own, places)).toMatchObject({
      QUEUE_URL: 'http://127.0.0.1:1/000000000000/Stack-Queue',
      TABLE: 'Stack-Table',
      SCALE_API_URL: 'http://127.0.0.1:3',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:2',
    });
  });

  test('never lead to AWS itself', () => {
    const own = { QUEUE_URL: `${QUEUE}-of-another-stack` };

    expect(() => environmentOf(own, places)).toThrow('QUEUE_URL leads to AWS itself');
  });
});

describe('a batch from a queue', () => {
  const record = (id: string) => ({ messageId: id, receiptHandle: `handle-${id}` });
  const event = { Records: ['a', 'b'].map(record) };
  const mapping = {
    EventSourceArn: 'arn:aws:sqs:us-east-1:123456789012:Stack-Queue',
    FunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:Worker',
    BatchSize: 10,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  };
  const failed = async (answer: () => Promise<unknown>, FunctionResponseTypes?: string[]) => {
    const invoke = answer;
    const types = FunctionResponseTypes ?? mapping.FunctionResponseTypes;
    const own = { ...mapping, FunctionResponseTypes: types };
    return (await failuresOf({ mapping: own, invoke }, event)).map(({ messageId }) => messageId);
  };
  const onlyB = async () => ({ batchItemFailures: [{ itemIdentifier: 'b' }] });

  test('keeps what the function reports', async () => {
    expect(await failed(onlyB)).toEqual(['b']);
  });

  test('loses it where the mapping does not ask for reports, as Lambda would', async () => {
    expect(await failed(onlyB, [])).toEqual([]);
  });

  test('keeps all of it where the call fails', async () => {
    expect(await failed(() => Promise.reject(new Error('down')))).toEqual(['a', 'b']);
  });

  test('is done where the function answers nothing', async () => {
    expect(await failed(async () => null)).toEqual([]);
  });
});

describe('a schedule', () => {
  const schedule = (Input?: string) => ({
    Arn: 'arn:aws:scheduler:us-east-1:123456789012:schedule/default/nightly',
    Name: 'nightly',
    ScheduleExpression: 'rate(1 day)',
    State: 'ENABLED' as const,
    Target: { Arn: 'arn:function', RoleArn: 'arn:role', ...(Input !== undefined && { Input }) },
  });

  test('gives its own input', () => {
    expect(scheduleEvent(schedule('{"full":true}'), new Date())).toEqual({ full: true });
  });

  test('gives a notification where it has none', () => {
    expect(scheduleEvent(schedule(), new Date('2026-11-22T12:00:00.123Z'))).toMatchObject({
      source: 'aws.scheduler',
      account: '123456789012',
      time: '2026-11-22T12:00:00Z',
      resources: ['arn:aws:scheduler:us-east-1:123456789012:schedule/default/nightly'],
    });
  });
});

test('a stream gives what one of the filters of its mapping lets through', () => {
  const mapping = {
    EventSourceArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/Stack-Tasks/stream/now',
    FunctionArn: 'arn:function',
    BatchSize: 100,
    FunctionResponseTypes: [],
    MaximumBatchingWindowInSeconds: 1,
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 3,
    MaximumRecordAgeInSeconds: 60,
    FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
    DestinationConfig: { OnFailure: { Destination: 'arn:queue' } },
  };
  const [stream] = wantedStreams([mapping], () => ['taskId']);
  const dynamodb = { ApproximateCreationDateTime: 1, SequenceNumber: '1' };

  expect([stream?.table, stream?.keys]).toEqual(['Stack-Tasks', ['taskId']]);
  expect(stream?.isWanted({ eventName: 'INSERT', dynamodb })).toBe(true);
  expect(stream?.isWanted({ eventName: 'REMOVE', dynamodb })).toBe(false);
});
