import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import { CALLBACK_THROTTLED, METRICS_NAMESPACE } from '../../shared/platform/metrics.ts';

export interface CallbackApiProps {
  readonly ingest: IFunction;
  /** Above it API Gateway answers 429, and Scale tries again. */
  readonly ratePerSecond: number;
}

/** Where Scale posts to; the only thing of the mirror that faces the internet. */
const CALLBACK_PATH = '/callbacks';

/** A batch that ends sends its callbacks all at once: so many seconds' worth may come in one. */
const BURST_SECONDS = 2;

/**
 * One line a request: what was answered and how fast, nothing of headers or body. It is paid by its bytes: CloudWatch keeps
 * the time of each line by itself.
 */
const ACCESS_LOG_LINE = {
  requestId: '$context.requestId',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  sourceIp: '$context.identity.sourceIp',
  error: '$context.error.message',
};

export class CallbackApi extends Construct {
  readonly api: HttpApi;
  readonly callbackUrl: string;

  constructor(scope: Construct, id: string, { ingest, ratePerSecond }: CallbackApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', { createDefaultStage: false });
    const accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Among API Gateway's own metrics it is one 4xx with refused keys and wrong paths.
    accessLogs.addMetricFilter('Throttled', {
      filterPattern: FilterPattern.stringValue('$.status', '=', '429'),
      metricNamespace: METRICS_NAMESPACE,
      metricName: CALLBACK_THROTTLED,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: { rateLimit: ratePerSecond, burstLimit: ratePerSecond * BURST_SECONDS },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLogs),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_LINE)),
      },
    });
    this.api.addRoutes({
      path: CALLBACK_PATH,
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('Ingest', ingest),
    });
    // The URL of the default stage ends in a slash.
    this.callbackUrl = stage.url + CALLBACK_PATH.slice(1);
  }
}
