import { localCredentials } from '../../../local/emulators/credentials.ts';

export interface Question {
  readonly path?: string;
  /** The operation, for a service that takes it in `x-amz-target`; a read without a body otherwise. */
  readonly target?: string;
}

/**
 * Asks moto by plain HTTP, for services of which a read or two is all that is needed: that is not worth an SDK package.
 * moto looks at no signature, only for which service it was made.
 */
export async function ask(
  awsUrl: string,
  service: string,
  { path = '/', target }: Question,
): Promise<unknown> {
  const { accessKeyId } = localCredentials.credentials;
  const scope = `${accessKeyId}/20260101/${localCredentials.region}/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  const answer =
    target === undefined
      ? await fetch(awsUrl + path, { headers: { authorization } })
      : await fetch(awsUrl + path, {
          method: 'POST',
          headers: { authorization, 'x-amz-target': target },
          body: '{}',
        });
  if (!answer.ok) throw new Error(`${service} answers ${String(answer.status)}`);
  return answer.json();
}
