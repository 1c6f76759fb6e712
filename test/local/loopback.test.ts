import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';

import { listen } from '../../local/listen.ts';
import {
  type EmulatorProcess,
  startAwsProcess,
  startDynamodbProcess,
} from '../support/emulator-process.ts';

// Every test starts processes.
jest.setTimeout(60_000);

/** Every address of this machine by which somebody could come, but the one that is meant. */
const otherAddresses = Object.values(networkInterfaces())
  .flat()
  .flatMap((one) => (one === undefined || one.scopeid ? [] : [one.address]))
  .filter((address) => address !== '127.0.0.1');

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (isConnected: boolean) => () => {
      socket.destroy();
      resolve(isConnected);
    };
    socket.once('connect', end(true)).once('error', end(false));
  });
}

describe.each([
  ['the AWS emulator', startAwsProcess],
  ['the DynamoDB emulator', (path: string) => startDynamodbProcess(path, [])],
])('%s', (_, start: (path: string) => Promise<EmulatorProcess>) => {
  test('listens on 127.0.0.1 and on no other address', async () => {
    const path = mkdtempSync(join(tmpdir(), 'mirror-loopback-'));
    const emulator = await start(path);

    const reached = await Promise.all(
      ['127.0.0.1', ...otherAddresses].map(
        async (host) => [host, await canConnect(host, emulator.port)] as const,
      ),
    );

    expect(reached.filter(([, isReached]) => isReached).map(([host]) => host)).toEqual([
      '127.0.0.1',
    ]);
    expect(new URL(emulator.url).hostname).toBe('127.0.0.1');
    await emulator.kill();
    rmSync(path, { recursive: true });
  });
});

test('a port that is taken is an error that says which variable to change', async () => {
  const first = await listen(createServer(), 0, 'PORT');
  const path = mkdtempSync(join(tmpdir(), 'mirror-loopback-'));

  const start = startAwsProcess(path, first.port);

  await expect(start).rejects.toThrow(
    `port ${first.port} is taken by another program: set AWS_PORT to another one, or 0 for any`,
  );
  await first.close();
  rmSync(path, { recursive: true });
});
