import { AsyncLocalStorage } from 'node:async_hooks';

import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics as PowertoolsMetrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import * as v from 'valibot';

import { type Log, plainly } from './log.ts';
import { METRICS_NAMESPACE, type Metrics } from './metrics.ts';

export interface Telemetry {
  readonly log: Log;
  readonly metrics: Metrics;
  /**
   * Wraps a handler: what it counted is published once, when it ends, what it throws can be logged, and its lines
   * say to which invocation they belong, and to which request of API Gateway.
   */
  readonly published: <Event, Rest extends readonly unknown[], Result>(
    handler: (event: Event, ...rest: Rest) => Promise<Result>,
  ) => (event: Event, ...rest: Rest) => Promise<Result>;
}

/** What stands in every line of an invocation. */
interface InvocationIds {
  /** Lambda's: its own lines about an invocation have it as `requestId`. */
  readonly invocationId?: string;
  /** API Gateway's, as in its access log. */
  readonly requestId?: string;
}

const lambdaContext = v.object({ awsRequestId: v.string() });
const gatewayEvent = v.object({ requestContext: v.object({ requestId: v.string() }) });

function idsOf(event: unknown, context: unknown): InvocationIds {
  return {
    ...(v.is(lambdaContext, context) && { invocationId: context.awsRequestId }),
    ...(v.is(gatewayEvent, event) && { requestId: event.requestContext.requestId }),
  };
}

/** Logger and metrics of one function, by Powertools: JSON lines and CloudWatch's embedded metric format. */
export function createTelemetry(serviceName: string): Telemetry {
  // Made by the first line that is written: most invocations write none, and to make it takes time of a cold start.
  let made: Logger | undefined;
  const logger = (): Logger => (made ??= new Logger({ serviceName }));
  const metrics = new PowertoolsMetrics({ namespace: METRICS_NAMESPACE, serviceName });
  // One for all: to make it takes as long as to publish.
  const single = metrics.singleMetric();
  // Not the logger's own keys: on one machine several invocations share an environment.
  const invocation = new AsyncLocalStorage<InvocationIds>();
  let hasCounted = false;
  return {
    log: {
      info: (message, fields) => {
        logger().info(message, { ...invocation.getStore(), ...fields });
      },
      warn: (message, fields) => {
        logger().warn(message, { ...invocation.getStore(), ...fields });
      },
      error: (message, fields) => {
        logger().error(message, { ...invocation.getStore(), ...fields });
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
        // Published at once in a line of its own: a dimension would go for all that was counted so far. One line
        // with both sets of dimensions, since ingest prints it for each callback, and lines are paid by their bytes.
        single.addDimensions({}).addDimensions({ [dimension]: value });
        single.addMetric(name, MetricUnit.Count, 1);
      },
    },
    published:
      (handler) =>
      async (event, ...rest) => {
        try {
          return await invocation.run(idsOf(event, rest[0]), () => handler(event, ...rest));
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
