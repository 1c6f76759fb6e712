import { createMetricSums } from '../../../local/functions/metric-sums.ts';
import { NOON } from '../../support/fake-clock.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A line as Powertools writes it. */
function line(at: number, members: object, dimensions: readonly string[] = ['service']): string {
  const names = Object.keys(members).filter((name) => !dimensions.includes(name));
  const Metrics = names.map((Name) => ({ Name, Unit: 'Count' }));
  const CloudWatchMetrics = [{ Namespace: 'ScaleTaskMirror', Dimensions: [dimensions], Metrics }];
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

it('keeps a metric by a dimension of its own apart', () => {
  const sums = createMetricSums(() => NOON);
  sums.readLine(line(NOON, { Accepted: 1, callbackKey: 'key-1' }, ['service', 'callbackKey']));
  sums.readLine(line(NOON, { Accepted: 1 }));
  expect(Object.keys(sums.sums())).toEqual(['Accepted by callbackKey=key-1', 'Accepted']);
});

it.each(['', 'not json "_aws"', '{"level":"INFO","message":"_aws"}', '{"_aws":{}}'])(
  'leaves a line alone that is no metric: %s',
  (text) => {
    const sums = createMetricSums(() => NOON);
    sums.readLine(text);
    expect(sums.sums()).toEqual({});
  },
);
