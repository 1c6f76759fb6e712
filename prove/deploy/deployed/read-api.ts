import * as v from 'valibot';

import { ask } from './ask.ts';

/** A route of an HTTP API, and the function behind it. */
export interface DeployedRoute {
  /** `POST /callbacks`, or `$default`. */
  readonly key: string;
  readonly functionArn: string;
}

const routes = v.object({
  items: v.array(v.object({ routeKey: v.string(), target: v.string() })),
});

const integrations = v.object({
  items: v.array(
    v.object({
      integrationId: v.string(),
      integrationType: v.literal('AWS_PROXY'),
      integrationUri: v.string(),
      payloadFormatVersion: v.literal('2.0'),
    }),
  ),
});

const apis = v.object({ items: v.array(v.object({ apiId: v.string() })) });

/** The ids of all HTTP APIs. */
export async function readApiIds(awsUrl: string): Promise<string[]> {
  return (await readApi(awsUrl, '/v2/apis', apis)).items.map(({ apiId }) => apiId);
}

/** Reads the routes of an API. */
export async function readRoutes(awsUrl: string, apiId: string): Promise<DeployedRoute[]> {
  const [found, behind] = await Promise.all([
    readApi(awsUrl, `/v2/apis/${apiId}/routes`, routes),
    readApi(awsUrl, `/v2/apis/${apiId}/integrations`, integrations),
  ]);
  return found.items.map(({ routeKey, target }) => {
    const integration = behind.items.find((one) => target === `integrations/${one.integrationId}`);
    if (integration === undefined) throw new Error(`the route ${routeKey} leads to nothing`);
    return { key: routeKey, functionArn: integration.integrationUri };
  });
}

async function readApi<T extends v.GenericSchema>(
  awsUrl: string,
  path: string,
  schema: T,
): Promise<v.InferOutput<T>> {
  return v.parse(schema, await ask(awsUrl, 'apigateway', { path }));
}
