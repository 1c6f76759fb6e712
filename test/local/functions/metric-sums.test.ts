import { createMetricSums } from '../../../local/functions/metric-sums.ts';
import { NOON } from '../../support/fake-clock.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A line as Powertools writes it. */
function line(at: number, members: object, ...others: string[][]): string {
  const Dimensions = [['service'], ...others];
  const names = Object.keys(members).filter((name) => !Dimensions.flat().includes(name));
  const Metrics = names.map((Name) => ({ Name, Unit: 'Count' }));
  const CloudWatchMetrics = [{ Namespace: 'ScaleTaskMirror', Dimensions, Metrics }];
  return JSON.stringify({
    _aws: { Timestamp: at, CloudWatchMetrics },
    service: 'ingest',
    ...members,
  });
}

it('sums what was counted in the last hour and the last day', () => {
  const sums = createMetricSums(() => NOON);
  sums.readLine(line(NOON - 30 * HOUR_MS, { Accepted: 1 }));
  sums.readLine(line(NOON - 5 * HOUR_MS, { Accepted: 10 }));
  sums.readLine(line(NOON - 30 * MINUTE_MS, { Accepted: [60, 40], Refused: 1 }));
  expect(sums.sums()).toEqual({
    Accepted: { lastHour: 100, lastDay: 110, lastAt: NOON - 30 * MINUTE_MS },
    Refused: { lastHour: 1, lastDay: 1, lastAt: NOON - 30 * MINUTE_MS },
  });
});

it('counts a metric by each of its sets of dimensions', () => {
  const sums = createMetricSums(() => NOON);
  sums.readLine(line(NOON, { Accepted: 1, callbackKey: 'key-1' }, ['service', 'callbackKey']));
  sums.readLine(line(NOON, { Accepted: 1, callbackKey: 'key-2' }, ['service', 'callbackKey']));
  expect(sums.sums()).toMatchObject({
    Accepted: { lastHour: 2 },
    'Accepted by callbackKey=key-1': { lastHour: 1 },
    'Accepted by callbackKey=key-2': { lastHour: 1 },
  });
});

it.each(['', 'not json "_aws"', '{"level":"INFO","message":"_aws"}', '{"_aws":{}}'])(
  'leaves a line alone that is no metric: %s',
  (text) => {
    const sums = createMetricSums(() => NOON);
    sums.readLine(text);
    expect(sums.sums()).toEqual({});
  },
);
