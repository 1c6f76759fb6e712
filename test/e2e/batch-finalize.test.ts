import { createBatchBook } from '../../shared/coverage/dynamo-batch-book.ts';
import {
  type BatchScaleServer,
  SCALE_KEY,
  startBatchScale,
} from '../support/batch-scale-server.ts';
import { runCli } from '../support/run-cli.ts';
import { type RunningStack, startStack } from '../support/running-stack.ts';

jest.setTimeout(120_000);

describe('task-mirror batch against npm start', () => {
  let scale: BatchScaleServer;
  let stack: RunningStack;

  beforeAll(async () => {
    scale = await startBatchScale();
    stack = await startStack({ SCALE_API_URL: scale.url, SCALE_API_KEY: SCALE_KEY });
  });
  afterAll(async () => {
    expect(await stack.stop()).toBe(0);
    await scale.close();
  });

  const batch = (...args: string[]) =>
    runCli(['batch', ...args, '--local'], { AWS_PORT: new URL(stack.ready.awsUrl).port });

  it('finalizes by the key of the stack, and tracks in its MirrorState until the batch completes', async () => {
    const { code, stdout, stderr } = await batch('finalize', '--name', '2026-11 night', '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ statusBefore: 'staging', tracked: true });
    const book = createBatchBook({ client: stack.dynamodb, tableName: 'MirrorState' });
    expect(await book.listOpen()).toMatchObject([
      { id: 'batch_1', status: 'in_progress', counts: { pending: 2, completed: 1 } },
    ]);
    const finalized = scale.scale.batches.get('batch_1')!;
    scale.scale.batches.set('batch_1', { ...finalized, status: 'completed' });
    expect((await batch('show', '--id', 'batch_1', '--track')).stdout).toContain('it has ended');
    expect(await book.listOpen()).toEqual([]);
  });

  it('explains why a batch that is completed cannot be finalized', async () => {
    const { code, stderr } = await batch('finalize', '--id', 'batch_1');
    expect(code).toBe(1);
    expect(stderr).toContain('is completed: only a batch in staging can be finalized');
  });
});
