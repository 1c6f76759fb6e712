import { localCredentialVariables } from '../../../local/emulators/credentials.ts';

/** Where a function finds on this machine what the stack says that it is to use. */
export interface Places {
  readonly awsUrl: string;
  readonly dynamodbUrl: string;
  readonly scaleApiUrl: string;
  /** Names of queues by the URLs that the deployed stack gives them. */
  readonly queues: ReadonlyMap<string, string>;
}

/** The account that the emulators say everything belongs to. */
const LOCAL_ACCOUNT = '000000000000';

/**
 * The variables of a deployed function, for its run here: its own, unchanged, except for addresses. An address of AWS
 * that is not known is an error rather than a call to the real one.
 */
export function environmentOf(
  variables: Readonly<Record<string, string>>,
  places: Places,
): Record<string, string> {
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    own[name] = name === 'SCALE_API_URL' ? places.scaleApiUrl : addressHere(name, value, places);
  }
  return {
    ...own,
    ...localCredentialVariables,
    AWS_DEFAULT_REGION: localCredentialVariables.AWS_REGION,
    AWS_ENDPOINT_URL: places.awsUrl,
    AWS_ENDPOINT_URL_DYNAMODB: places.dynamodbUrl,
  };
}

/** The SDK asks the host of a queue's URL, whatever its endpoint is. */
function addressHere(name: string, value: string, { awsUrl, queues }: Places): string {
  if (!/\bamazonaws\.com\b/.test(value)) return value;
  const queue = queues.get(value);
  if (queue === undefined) throw new Error(`${name} leads to AWS itself: ${value}`);
  return `${awsUrl}/${LOCAL_ACCOUNT}/${queue}`;
}
