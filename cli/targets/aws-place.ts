import type { NameOf } from './resources.ts';

/** Credentials and endpoints that differ from what the environment says. */
export interface ClientSettings {
  readonly region?: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Where a mirror's parts are, and by which names. */
export interface AwsPlace {
  readonly nameOf: NameOf;
  readonly settings: ClientSettings;
  /** DynamoDB may be a server of its own. */
  readonly dynamodbSettings?: ClientSettings;
  /** Where functions are run; AWS's own place without it. */
  readonly lambdaEndpoint: string | undefined;
}
