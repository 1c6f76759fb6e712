import { Readable } from 'node:stream';

/** How each service says that there was too much, and that it failed (its API reference, "Common errors"). */

export type Service = 'dynamodb' | 'sqs' | 's3' | 'secretsmanager';

export interface AwsAnswer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Readable;
}

const throttled: Record<Service, readonly [status: number, code: string]> = {
  dynamodb: [400, 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException'],
  sqs: [400, 'com.amazonaws.sqs#RequestThrottled'],
  s3: [503, 'SlowDown'],
  secretsmanager: [400, 'ThrottlingException'],
};

export function throttling(service: Service): AwsAnswer {
  const [status, code] = throttled[service];
  return failure(service, status, code);
}

export function failure(service: Service, status: number, code: string): AwsAnswer {
  const isXml = service === 's3';
  const body = isXml
    ? `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`
    : JSON.stringify({ __type: code, message: 'no' });
  return answer(status, body, isXml ? 'application/xml' : 'application/x-amz-json-1.0');
}

export function answer(
  statusCode: number,
  body: string,
  type = 'application/x-amz-json-1.0',
): AwsAnswer {
  const bytes = Buffer.from(body);
  const headers = { 'content-type': type, 'content-length': String(bytes.byteLength) };
  return { statusCode, headers, body: Readable.from([bytes]) };
}
