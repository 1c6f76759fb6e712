import { type EventLog, openEventLog } from '../../../local/events/event-log.ts';
import { createGateway } from '../../../local/gateway.ts';
import { type Listening, listen } from '../../../local/listen.ts';
import { sseReader } from '../../support/sse-reader.ts';

let log: EventLog;
let gateway: Listening;

beforeEach(async () => {
  log = openEventLog(undefined);
  gateway = await listen(
    createGateway(async () => ({ statusCode: 200 }), undefined, log),
    0,
    'PORT',
  );
});
afterEach(() => gateway.close());

const anEvent = (n: number) => JSON.stringify({ 'detail-type': 'TaskCompleted', n });
const open = (lastEventId?: string) => sseReader(`${gateway.url}/events`, lastEventId);

test('sends events as they come, and none of before', async () => {
  log.append([anEvent(1)]);
  const feed = await open();

  log.append([anEvent(2)]);
  log.append([anEvent(3)]);

  expect([await feed.next(), await feed.next()].map(({ data }) => data)).toEqual([
    anEvent(2),
    anEvent(3),
  ]);
  await feed.close();
});

test('goes on after the last event that a listener has had, without a gap', async () => {
  log.append([1, 2, 3].map(anEvent));
  const first = await open('0');
  const { id, data } = await first.next();
  await first.close();
  log.append([anEvent(4)]);

  const second = await open(id);

  const rest = [await second.next(), await second.next(), await second.next()];
  expect([data, ...rest.map((one) => one.data)]).toEqual([1, 2, 3, 4].map(anEvent));
  await second.close();
});

test('begins anew where the last event is none of this log', async () => {
  log.append([1, 2].map(anEvent));

  for (const id of ['999999', 'abc', '-1', '3']) {
    const feed = await open(id);
    expect((await feed.next()).data).toBe(anEvent(1));
    await feed.close();
  }
});

test('sends to several at once, ten thousand each, and none twice', async () => {
  const lines = Array.from({ length: 10_000 }, (_, n) => anEvent(n));
  log.append(lines.slice(0, 9_000));
  const feeds = await Promise.all([open('0'), open('0')]);
  for (const line of lines.slice(9_000)) log.append([line]);

  for (const feed of feeds) {
    const got: string[] = [];
    while (got.length < lines.length) got.push((await feed.next()).data);
    expect(got).toEqual(lines);
    await feed.close();
  }
});

test('is there for GET alone, and only where there is a log', async () => {
  expect((await fetch(`${gateway.url}/events`, { method: 'POST' })).status).toBe(404);
  expect((await fetch(`${gateway.url}/events/x`)).status).toBe(404);
  const bare = await listen(
    createGateway(async () => ({ statusCode: 200 })),
    0,
    'PORT',
  );
  expect((await fetch(`${bare.url}/events`)).status).toBe(404);
  await bare.close();
});
