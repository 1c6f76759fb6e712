/**
 * Stands in the bundles in place of `@aws-sdk/credential-provider-node`, whose chain looks for credentials where a Lambda function
 * never has any (profiles, SSO, metadata of EC2), by some 130 KB of code. A function has them in its environment, for as long as
 * that lives (Lambda docs, "Defined runtime environment variables").
 */
export const defaultProvider = () => (): Promise<object> => {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    return Promise.reject(
      new Error('no credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set'),
    );
  }
  return Promise.resolve({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
  });
};
