import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';

import { createBodies } from '../../shared/documents/bodies.ts';
import { archiveLetter } from '../../shared/queue/dead-letter-archive.ts';
import { withFailure } from '../../shared/queue/dead-letter.ts';
import { createTaskQueue } from '../../shared/queue/task-queue.ts';
import type { WireMessage } from '../../shared/queue/task-message.ts';
import { aCallback, aV1Task } from '../support/builders.ts';
import { runCli, startCli } from '../support/run-cli.ts';
import { eventually, type RunningStack, startStack } from '../support/running-stack.ts';
import { aCallbackMessage } from '../support/worker-driver.ts';

jest.setTimeout(120_000);

const SEEN_AT = Date.now() - 86_400_000;

const callback = (task_id: string): WireMessage =>
  aCallbackMessage(aCallback(aV1Task({ task_id })), SEEN_AT);

describe('dead letters and what nobody understood, on npm start', () => {
  let stack: RunningStack;
  let sqs: SQSClient;
  let deadLettersUrl: string;
  let env: Record<string, string>;

  const cli = (...args: string[]) => runCli([...args, '--local'], env);
  const bodies = () => createBodies({ client: stack.s3, bucketName: 'bodies' });
  const dead = async (message: WireMessage, error = 'TypeError'): Promise<void> => {
    const queue = createTaskQueue({ client: sqs, queueUrl: deadLettersUrl });
    await queue.send(withFailure(message, { error }));
  };
  const counts = async (): Promise<{ visible: number; hidden: number }> => {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: deadLettersUrl, AttributeNames: ['All'] }),
    );
    return {
      visible: Number(Attributes?.ApproximateNumberOfMessages),
      hidden: Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
    };
  };
  const isStored = (taskId: string) =>
    eventually(() => stack.head(taskId), `the head of ${taskId}`);

  beforeAll(async () => {
    // Without a key nobody asks Scale, which knows none of these tasks.
    stack = await startStack({ SCALE_API_KEY: '' });
    const places = (await (await fetch(`${stack.ready.awsUrl}/_stack`)).json()) as {
      names: { taskDeadLetters: string };
    };
    deadLettersUrl = places.names.taskDeadLetters;
    env = { AWS_PORT: new URL(stack.ready.awsUrl).port };
    const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
    sqs = new SQSClient({ region: 'us-east-1', credentials, endpoint: stack.ready.awsUrl });
  });

  afterAll(async () => {
    sqs.destroy();
    expect(await stack.stop()).toBe(0);
  });

  it('lists by cause, redrives a cause, the archive and the inbox, and says what is stored', async () => {
    await dead(callback('task-1'));
    await dead(callback('task-2'), 'RangeError');
    const bytes = Buffer.from(
      aCallback(aV1Task({ task_id: 'large', note: 'x'.repeat(1_500_000) })),
    );
    await bodies().put('inbox/swept/1', { bytes, metadata: {} });
    const { attributes } = callback('large');
    await dead({ body: 'inbox/swept/1', attributes: { ...attributes, bodyIn: 'inbox' } });
    const archived = { messageId: 'old', sentAt: SEEN_AT, failure: { error: 'TypeError' } };
    await archiveLetter(bodies(), { ...archived, message: callback('task-3') });

    const listed = await cli('dlq', 'list');
    expect([listed.code, listed.stderr]).toEqual([0, '']);
    expect(listed.stdout).toMatch(
      /^4 dead letters, 1 of them in the archive\n\ncallback\/TypeError: 3, sent 1 d to \d+ s ago\n {2}tasks: task-1, large, task-3\n/,
    );
    const json = JSON.parse((await cli('dlq', 'list', '--json')).stdout) as object;
    expect(json).toMatchObject({
      count: 4,
      hidden: 0,
      causes: [
        { cause: 'callback/TypeError', count: 3, archived: 1 },
        { cause: 'callback/RangeError', count: 1, taskIds: ['task-2'] },
      ],
    });

    const one = await cli('dlq', 'redrive', '--cause', 'callback/TypeError');
    expect([one.code, one.stdout]).toEqual([0, '3 of 3 letters sent\n3 stored in the table\n']);
    for (const taskId of ['task-1', 'large', 'task-3']) await isStored(taskId);
    expect([await stack.head('task-2'), await counts()]).toEqual([
      undefined,
      { visible: 1, hidden: 0 },
    ]);
    await eventually(
      async () =>
        (await bodies().list('')).every(({ key }) => key.startsWith('documents/'))
          ? true
          : undefined,
      'archive and inbox to be empty',
    );

    const rest = await cli('dlq', 'redrive', '--json');
    expect(JSON.parse(rest.stdout)).toMatchObject({ sent: 1, stored: 1, open: [], notSent: [] });
    expect((await cli('dlq', 'list')).stdout).toBe('no dead letters\n');
  });

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'ended by %s, a redrive loses nothing',
    async (signal) => {
      const taskIds = Array.from({ length: 30 }, (_, n) => `${signal}-${n}`);
      for (const taskId of taskIds) await dead(callback(taskId));

      const { child, ended } = startCli(['dlq', 'redrive', '--rate', '1', '--local'], env);
      await isStored(`${signal}-0`);
      child.kill(signal);
      const { code, stdout, stderr } = await ended;

      const { visible, hidden } = await counts();
      const stored = await eventually(async () => {
        const heads = await Promise.all(taskIds.map((taskId) => stack.head(taskId)));
        const count = heads.filter((head) => head !== undefined).length;
        return count + visible + hidden >= 30 ? count : undefined;
      }, 'all letters to be somewhere');
      expect(stdout).toBe('');
      if (signal === 'SIGKILL') return;
      expect([code, stored, visible, hidden]).toEqual([130, 10, 20, 0]);
      expect(stderr).toContain('Interrupted: 10 sent');
      expect((await cli('dlq', 'redrive')).stdout).toContain('20 of 20 letters sent\n20 stored');
    },
  );

  it('keeps what nobody understands, shows it, and replays it', async () => {
    await stack.post('{"hello": "world"}');
    const [first] = await eventually(async () => {
      const kept = await bodies().list('unrecognised/');
      return kept.length === 1 ? kept : undefined;
    }, 'a kept body');
    const key = first?.key ?? '';
    const metadata = {
      source: 'callback',
      receivedAt: new Date(SEEN_AT).toISOString(),
      seenat: new Date(SEEN_AT).toISOString(),
      reason: 'no status',
    };
    const bytes = Buffer.from(aCallback(aV1Task({ task_id: 'task-9' })));
    await bodies().put('unrecognised/2026-11-20/known-now', { bytes, metadata });

    const listed = await cli('unrecognised', 'list');
    expect([listed.code, listed.stderr]).toEqual([0, '']);
    expect(listed.stdout).toContain('2 bodies kept');
    expect(listed.stdout).toContain(`no task: 1, seen`);
    expect((await cli('unrecognised', 'show', key)).stdout).not.toContain('world');
    expect((await cli('unrecognised', 'show', key, '--show')).stdout).toContain(
      '{"hello": "world"}',
    );

    const replayed = await cli('unrecognised', 'replay', '--all', '--json');
    expect(replayed.code).toBe(0);
    expect(JSON.parse(replayed.stdout)).toMatchObject({
      ...{ selected: 2, sent: 2, understood: 1, keptAgain: [key], open: [] },
    });
    await isStored('task-9');
    expect((await bodies().list('unrecognised/')).map((one) => one.key)).toEqual([key]);
  });

  it('archives by its function, which leaves the young ones', async () => {
    const url = `${stack.ready.awsUrl}/2015-03-31/functions/Archive/invocations`;
    const answer = await (await fetch(url, { method: 'POST', body: '{}' })).json();
    expect(answer).toEqual({ archived: 0, inArchive: 0 });
  });
});
