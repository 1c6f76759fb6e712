import { tracingFetch, tracingLogger } from '../../../cli/targets/trace.ts';
import { startReceiver } from '../../support/running-simulator.ts';

it('says which call of AWS was made and how it ended, and nothing of what was in it', () => {
  const lines: string[] = [];
  const logger = tracingLogger((line) => void lines.push(line));
  const input = { TableName: 'Tasks', Key: { taskId: { S: 'secret-task' } } };
  const names = { clientName: 'DynamoDBClient', commandName: 'GetItemCommand' };
  logger.info({ ...names, input, output: {}, metadata: { httpStatusCode: 200, attempts: 1 } });
  logger.error({ ...names, input, error: new Error('secret'), metadata: { attempts: 3 } });
  logger.info('anything else');
  expect(lines).toEqual([
    'aws: DynamoDB.GetItem -> 200',
    'aws: DynamoDB.GetItem -> failed, 3 tries',
  ]);
});

it('says which call of Scale was made, without its query', async () => {
  const receiver = await startReceiver();
  const lines: string[] = [];
  const times = [0, 12, 20, 25];
  const fetched = tracingFetch(
    (line) => void lines.push(line),
    () => times.shift() ?? 0,
  );
  const init = { method: 'POST', body: '{}' };
  await fetched(`${receiver.url}/v2/tasks?project_name=Secret`, init);
  await receiver.close();
  await expect(fetched(`${receiver.url}/v2/tasks`, init)).rejects.toThrow();
  expect(lines).toEqual([
    'scale: POST /v2/tasks -> 200 (12 ms)',
    'scale: POST /v2/tasks -> no answer (5 ms)',
  ]);
});
