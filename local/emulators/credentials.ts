/** Emulators take any credentials; the SDK wants some. */
export const localCredentials = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};

/** The same for the functions, as Lambda would give them to a function: in its environment. */
export const localCredentialVariables = {
  AWS_REGION: localCredentials.region,
  AWS_ACCESS_KEY_ID: localCredentials.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: localCredentials.credentials.secretAccessKey,
  AWS_EC2_METADATA_DISABLED: 'true',
};
