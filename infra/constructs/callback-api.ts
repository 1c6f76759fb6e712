import { HttpApi, HttpMethod, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export interface CallbackApiProps {
  readonly ingest: IFunction;
}

/** Where Scale posts to; the only thing of the mirror that faces the internet. */
const CALLBACK_PATH = '/callbacks';

/** Callbacks per second, and how many at once. Above it API Gateway answers 429 and Scale tries again. */
const RATE_LIMIT = 1_000;
const BURST_LIMIT = 2_000;

export class CallbackApi extends Construct {
  readonly callbackUrl: string;

  constructor(scope: Construct, id: string, { ingest }: CallbackApiProps) {
    super(scope, id);
    const api = new HttpApi(this, 'Api', { createDefaultStage: false });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      autoDeploy: true,
      throttle: { rateLimit: RATE_LIMIT, burstLimit: BURST_LIMIT },
    });
    api.addRoutes({
      path: CALLBACK_PATH,
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration('Ingest', ingest),
    });
    // The URL of the default stage ends in a slash.
    this.callbackUrl = stage.url + CALLBACK_PATH.slice(1);
  }
}
