import * as v from 'valibot';

/** What a function has asked AWS for, in the words of a policy. */
export interface RecordedCall {
  /** `dynamodb:GetItem`. */
  readonly action: string;
  /** The name of the table, index, queue, bus, secret or object that it was about. */
  readonly resource: string;
}

export interface HttpCall {
  readonly method: string;
  readonly url: string;
  /** The header `x-amz-target`; S3 has none. */
  readonly target: string | undefined;
  readonly body: string;
}

/** The prefix of the target, by service. */
const SERVICES: Readonly<Record<string, string>> = {
  AmazonSQS: 'sqs',
  DynamoDB_20120810: 'dynamodb',
  secretsmanager: 'secretsmanager',
  AWSEvents: 'events',
};

const S3_ACTIONS: Readonly<Record<string, string>> = {
  GET: 's3:GetObject',
  HEAD: 's3:GetObject',
  PUT: 's3:PutObject',
  DELETE: 's3:DeleteObject',
};

const members = v.object({
  QueueUrl: v.optional(v.string()),
  TableName: v.optional(v.string()),
  IndexName: v.optional(v.string()),
  SecretId: v.optional(v.string()),
  RequestItems: v.optional(v.record(v.string(), v.unknown()), {}),
  Entries: v.optional(v.array(v.object({ EventBusName: v.optional(v.string()) })), []),
});

/** Reads what one request needs a permission for. */
export function recordedCalls({ method, url, target, body }: HttpCall): RecordedCall[] {
  const [service = '', operation = ''] = (target ?? '').split('.');
  const prefix = SERVICES[service];
  if (target === undefined) return [s3Call(method, url)];
  if (prefix === undefined) return [{ action: target, resource: '*' }];
  // A batch of SQS is allowed by the permission for one; DynamoDB's are permissions of their own.
  const name = prefix === 'sqs' ? operation.replace(/Batch$/, '') : operation;
  const resources = resourcesOf(v.parse(members, JSON.parse(body === '' ? '{}' : body)));
  return resources.map((resource) => ({ action: `${prefix}:${name}`, resource }));
}

function resourcesOf(read: v.InferOutput<typeof members>): string[] {
  const { QueueUrl, TableName, IndexName, SecretId, RequestItems, Entries } = read;
  if (QueueUrl !== undefined) return [QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)];
  if (SecretId !== undefined) return [SecretId];
  if (TableName !== undefined) {
    return [IndexName === undefined ? TableName : `${TableName}/index/${IndexName}`];
  }
  const buses = Entries.map(({ EventBusName = 'default' }) => EventBusName);
  return [...new Set([...Object.keys(RequestItems), ...buses])];
}

function s3Call(method: string, url: string): RecordedCall {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const resource = decodeURIComponent(pathname.slice(1));
  if (searchParams.has('list-type')) return { action: 's3:ListBucket', resource };
  return { action: S3_ACTIONS[method] ?? `s3:${method}`, resource };
}
