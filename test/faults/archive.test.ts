import { readArchivedLetter } from '../../shared/queue/dead-letter-archive.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';
import { aCallbackMessage } from '../support/worker-driver.ts';
import { aCallback } from '../support/builders.ts';
import { type AllClients, openClients } from './rig/clients.ts';
import { inProcess } from './rig/current-process.ts';
import { createGate } from './rig/gate.ts';
import { ARCHIVE_AFTER_MS, createFunctions, createStores, type Functions } from './rig/process.ts';
import { createResources, type Resources } from './rig/resources.ts';
import { createQueue } from '../support/aws-resources.ts';
import { createTaskQueue } from '../../shared/queue/task-queue.ts';
import { createDeadLetters } from '../../shared/queue/dead-letters.ts';

let clients: AllClients;
let resources: Resources;
let clock: FakeClock;
let functions: Functions;
let deadLettersUrl: string;

beforeEach(async () => {
  clients = openClients();
  clock = fakeClock(Date.now());
  deadLettersUrl = await createQueue(clients.plain.sqs);
  resources = {
    ...(await createResources(clients.plain)),
    deadLetters: { queueUrl: deadLettersUrl, afterTries: 3 },
  };
  functions = createFunctions({
    ...{ ...clients, resources, clock, sources: [], hasKey: false },
    scaleFetch: () => Promise.reject(new Error('nobody asks Scale')),
  });
});

afterEach(() => {
  clients.close();
});

const gateOf = (operation?: string) =>
  createGate(
    undefined,
    operation === undefined ? undefined : { operations: [operation], fault: 'error 503' },
  );

const archive = (down?: string) =>
  inProcess({ gate: gateOf(down), onDelay: () => undefined }, () =>
    functions.archive(() => 900_000),
  );

const letters = () =>
  createDeadLetters({ client: clients.plain.sqs, queueUrl: deadLettersUrl }).count();

test('a letter stays until it is old, then stands in the bucket once, whatever fails on its way', async () => {
  const message = aCallbackMessage(aCallback(), clock.now());
  await createTaskQueue({ client: clients.plain.sqs, queueUrl: deadLettersUrl }).send(message);

  await expect(archive()).resolves.toEqual({ archived: 0, inArchive: 0 });
  clock.advance(ARCHIVE_AFTER_MS + 60_000);
  await expect(archive('s3 PutObject')).rejects.toThrow('not archived yet');
  await expect(archive('sqs DeleteMessageBatch')).rejects.toThrow();
  await expect(archive()).resolves.toEqual({ archived: 1, inArchive: 1 });

  const { bodies } = createStores(clients.plain, resources, clock);
  const archived = await bodies.list('dead-letters/');
  expect(archived).toHaveLength(1);
  await expect(readArchivedLetter(bodies, archived[0]?.key ?? '')).resolves.toMatchObject({
    message,
  });
  await expect(letters()).resolves.toEqual({ visible: 0, hidden: 0 });
});
