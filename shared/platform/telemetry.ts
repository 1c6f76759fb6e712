import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics as PowertoolsMetrics, MetricUnit } from '@aws-lambda-powertools/metrics';

import { type Log, plainly } from './log.ts';
import { METRICS_NAMESPACE, type Metrics } from './metrics.ts';

export interface Telemetry {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Wraps a handler: what it counted is published once, when it ends, and what it throws can be logged. */
  readonly published: <Event, Rest extends readonly unknown[], Result>(
    handler: (event: Event, ...rest: Rest) => Promise<Result>,
  ) => (event: Event, ...rest: Rest) => Promise<Result>;
}

/** Logger and metrics of one function, by Powertools: JSON lines and CloudWatch's embedded metric format. */
export function createTelemetry(serviceName: string): Telemetry {
  const log = new Logger({ serviceName });
  const metrics = new PowertoolsMetrics({ namespace: METRICS_NAMESPACE, serviceName });
  let hasCounted = false;
  return {
    log: {
      info: (message, fields) => {
        log.info(message, { ...fields });
      },
      warn: (message, fields) => {
        log.warn(message, { ...fields });
      },
      error: (message, fields) => {
        log.error(message, { ...fields });
      },
    },
    metrics: {
      count: (name, by = 1) => {
        hasCounted = true;
        metrics.addMetric(name, MetricUnit.Count, by);
      },
      seconds: (name, value) => {
        hasCounted = true;
        metrics.addMetric(name, MetricUnit.Seconds, value);
      },
      countBy: (name, dimension, value) => {
        // Published at once in a line of its own: a dimension would go for all that was counted so far.
        const single = metrics.singleMetric();
        single.addDimension(dimension, value);
        single.addMetric(name, MetricUnit.Count, 1);
      },
    },
    published:
      (handler) =>
      async (event, ...rest) => {
        try {
          return await handler(event, ...rest);
        } catch (error) {
          throw plainly(error);
        } finally {
          // Powertools warns of an empty publication, a log line for every quiet invocation.
          if (hasCounted) metrics.publishStoredMetrics();
          hasCounted = false;
        }
      },
  };
}
