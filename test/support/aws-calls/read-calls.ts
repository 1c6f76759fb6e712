/** A request to AWS as it goes over the wire. */
export interface AwsRequest {
  readonly method: string;
  /** With its query, if it has one. */
  readonly path: string;
  /** `x-amz-target`, by which all but S3 name the operation. */
  readonly target: string | undefined;
  readonly body: Uint8Array;
}

/** What a function needed a permission for: `dynamodb:GetItem MirrorState (lease)`. */
export type PermissionUse = string;

/** The construct by the name of a table, queue, bucket, secret or bus. */
export type NameOf = (
  kind: 'table' | 'queue' | 'bucket' | 'secret' | 'bus',
  name: string,
) => string;

interface Members {
  readonly TableName?: string;
  readonly IndexName?: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ExpressionAttributeValues?: Item;
  readonly RequestItems?: Readonly<Record<string, unknown>>;
  readonly Statements?: readonly { readonly Statement: string }[];
  readonly SecretId?: string;
  readonly Entries?: readonly { readonly EventBusName?: string }[];
}

type Item = Readonly<Record<string, { readonly S?: string }>>;

/**
 * The permissions that AWS asks for a request, by the service authorization reference: the batches of SQS are
 * its single actions, each table of a batch counts, and an index is a resource of its own. An operation that
 * is not known here is an error: nobody knows what it would need.
 */
export function readCalls(request: AwsRequest, nameOf: NameOf): PermissionUse[] {
  const { target } = request;
  if (target === undefined) return [readS3Call(request, nameOf)];
  const [service = '', operation = ''] = target.split('.');
  const read = () => JSON.parse(textOf(request.body)) as Members;
  switch (service) {
    case 'AmazonSQS':
      return [`sqs:${operation.replace(/Batch$/, '')} ${nameOf('queue', queueOf(request.body))}`];
    case 'secretsmanager':
      return [`secretsmanager:${operation} ${nameOf('secret', read().SecretId ?? '')}`];
    case 'AWSEvents':
      return (read().Entries ?? []).map(
        ({ EventBusName = 'default' }) => `events:${operation} ${nameOf('bus', EventBusName)}`,
      );
    case 'DynamoDB_20120810':
      return readTableCalls(operation, read(), nameOf);
    default:
      throw new Error(`nobody knows which permission ${target} needs`);
  }
}

/** Of one table or several. Transactions need what their parts need; the mirror has none. */
function readTableCalls(operation: string, members: Members, nameOf: NameOf): PermissionUse[] {
  if (operation === 'BatchExecuteStatement')
    return (members.Statements ?? []).map(readInsert(nameOf));
  if (operation.startsWith('Transact')) throw new Error(`${operation} needs what its parts need`);
  const tables = members.RequestItems ? Object.keys(members.RequestItems) : [members.TableName];
  return tables.map((name = '') => {
    const table = nameOf('table', name);
    const index = members.IndexName === undefined ? '' : `/index/${members.IndexName}`;
    return `dynamodb:${operation} ${table}${index}${table === 'MirrorState' ? scopeOf(members) : ''}`;
  });
}

/** PartiQL has a permission of its own for each kind of statement. */
const readInsert =
  (nameOf: NameOf) =>
  ({ Statement }: { readonly Statement: string }): PermissionUse => {
    const [, name] = /^INSERT INTO "([^"]+)"/.exec(Statement) ?? [];
    if (name === undefined)
      throw new Error(`nobody knows which permission is needed: ${Statement}`);
    return `dynamodb:PartiQLInsert ${nameOf('table', name)}`;
  };

/** The partition key, which policies can limit; of `coverage#project:Night` and its like the kind alone. */
function scopeOf({ Key, Item, ExpressionAttributeValues }: Members): string {
  const scope = (Key ?? Item)?.['scope']?.S ?? ExpressionAttributeValues?.[':scope']?.S;
  if (scope === undefined) throw new Error('a call of MirrorState without a scope');
  return ` (${scope.replace(/^(slices|coverage)#.*$/, '$1#*')})`;
}

/** S3's requests in path style: `/bucket/key`. Keys may hold `..`, which a URL would resolve. */
function readS3Call({ method, path }: AwsRequest, nameOf: NameOf): PermissionUse {
  const [, bucket = '', key = '', query = ''] = /^\/([^/?]+)\/?([^?]*)\??(.*)$/.exec(path) ?? [];
  const name = nameOf('bucket', bucket);
  if (query.includes('list-type')) return `s3:ListBucket ${name}`;
  const action = { GET: 'GetObject', HEAD: 'GetObject', PUT: 'PutObject', DELETE: 'DeleteObject' };
  const found = Object.entries(action).find(([one]) => one === method);
  if (found === undefined) throw new Error(`nobody knows which permission ${method} of S3 needs`);
  return `s3:${found[1]} ${name}/${folderOf(key)}*`;
}

/** The folders that policies tell apart (`shared/documents/body-keys.ts`). */
function folderOf(key: string): string {
  return /^(reports\/)?[^/]+\//.exec(key)?.[0] ?? '';
}

/**
 * Of an object that is not there S3 says so, by 404, only to who may list its bucket, and 403 to everybody
 * else (API reference, "GetObject").
 */
export function usesOfAnswer(uses: readonly PermissionUse[], status: number): PermissionUse[] {
  if (status !== 404) return [];
  return uses.flatMap((use) => {
    const [, bucket] = /^s3:GetObject ([^/]+)\//.exec(use) ?? [];
    return bucket === undefined ? [] : [`s3:ListBucket ${bucket}`];
  });
}

/** Messages have up to a megabyte, and none of them can hold a quotation mark without a backslash before it. */
function queueOf(body: Uint8Array): string {
  return /"QueueUrl":"[^"]*\/([^"/]+)"/.exec(textOf(body, 'latin1'))?.[1] ?? '';
}

/** The SDK gives bodies that warn when they are converted by any other way. */
function textOf({ buffer, byteOffset, byteLength }: Uint8Array, encoding?: 'latin1'): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString(encoding);
}
