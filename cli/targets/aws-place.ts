import type { KeyUsage } from '../../shared/platform/key-usage.ts';
import type { Counts, Watch } from '../mirror.ts';
import type { Clients } from './clients.ts';
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
  /** Is told which calls are made, where somebody wants to know. */
  readonly trace: ((line: string) => void) | undefined;
  /** In place of CloudWatch, where there is none. */
  readonly counts?: Counts;
  /** Likewise. */
  readonly keyUsage?: KeyUsage;
  /** The worker's variable `FIELDS`, where it has one. */
  readonly fields: (clients: Clients) => Promise<string | undefined>;
  /** What watches over the mirror. */
  readonly watch: (clients: Clients) => Promise<Watch>;
}
