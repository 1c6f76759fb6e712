import { isDeepStrictEqual } from 'node:util';

import type { PinnedResource, Release } from './release.ts';

/** What an update does to data, and what to do instead; by type, for a resource that would be replaced or lost. */
const LOSSES: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table':
    'Readers would find an empty table; the old one is kept, but nobody reads it. Keep construct path and keys; ' +
    'for other keys add a second table, and move the items in a release of its own.',
  'AWS::S3::Bucket':
    'Bodies that heads refer to would stand in the old bucket. Keep construct path and name.',
  'AWS::SQS::Queue':
    'Messages that were acknowledged would stay in the old queue, where nobody reads them. Keep construct path and name.',
  'AWS::SecretsManager::Secret':
    'The new secret is empty: callbacks are answered 503 until somebody fills it. Keep construct path and name.',
  'AWS::KMS::Key':
    'What the old key has encrypted needs the old key. Keep construct path and specification.',
  'AWS::Events::EventBus':
    'Rules of others stay on the old bus and hear nothing. Keep construct path and name.',
  'AWS::SNS::Topic':
    'Every subscriber would have to confirm anew before hearing an alarm. Keep construct path and name.',
  'AWS::ApiGatewayV2::Api':
    'The callback URL changes, and Scale posts to the old one. Keep construct path and type.',
  'AWS::ApiGatewayV2::Stage':
    'The callback URL changes, and Scale posts to the old one. Keep construct path and name.',
  'AWS::ApiGatewayV2::Route':
    'Scale posts to the old path. Keep it, and add the new one beside it.',
  'AWS::Lambda::EventSourceMapping':
    'CloudFormation creates the new mapping before it removes the old one, and Lambda allows one for a source and a ' +
    'function: the update fails. Keep construct path, source and starting position.',
};

const STORE =
  'Where this is meant and nothing is lost by it: npm run release:store, and say so in the release notes.';

/**
 * What an update from the older to the newer release would lose, one sentence each with what to do; none
 * where it is safe.
 *
 * @param isLast whether `older` is the release just before. Indexes are compared with that one alone, since
 *   CloudFormation makes one change of an index in an update, and each release is an update of its own.
 */
export function findLosses(
  older: Release,
  newer: Release,
  { isLast }: { isLast: boolean },
): string[] {
  const losses = Object.entries(older.resources).flatMap(([logicalId, before]) => {
    const name = `${logicalId} (${before.type})`;
    const after = newer.resources[logicalId];
    if (after?.type !== before.type) {
      return [`${name} of ${older.version} is gone or renamed. ${lossOf(before)}`];
    }
    return [
      ...changesOf(name, before, after),
      ...(isLast ? indexChangesOf(name, before, after) : []),
    ];
  });
  return [...losses, ...outputChanges(older, newer)].map((loss) => `${loss} ${STORE}`);
}

function changesOf(name: string, before: PinnedResource, after: PinnedResource): string[] {
  const changed = Object.entries(before.pinned).flatMap(([property, value]) =>
    isDeepStrictEqual(after.pinned[property], value)
      ? []
      : [`${name}: another ${property} replaces it. ${lossOf(before)}`],
  );
  if (isDeepStrictEqual(after.removal, before.removal)) return changed;
  return [
    ...changed,
    `${name}: another deletion policy. It was ${before.removal.join(', ')}; keep it.`,
  ];
}

/** One index may come or go; one that is made otherwise would go and come in one update. */
function indexChangesOf(name: string, before: PinnedResource, after: PinnedResource): string[] {
  const [old, young] = [before.indexes ?? {}, after.indexes ?? {}];
  const gone = Object.keys(old).filter((index) => !(index in young));
  const added = Object.keys(young).filter((index) => !(index in old));
  const altered = Object.keys(old).filter(
    (index) => index in young && !isDeepStrictEqual(young[index], old[index]),
  );
  const problems = altered.map(
    (index) =>
      `${name}: the index ${index} is made otherwise. DynamoDB cannot change an index: CloudFormation would remove it, and ` +
      'whoever reads by it fails. Add one of another name in this release, read by it, and remove the old one in the next.',
  );
  if (gone.length + added.length <= 1) return problems;
  const changes = [...gone.map((one) => `-${one}`), ...added.map((one) => `+${one}`)].join(', ');
  return [
    ...problems,
    `${name}: ${changes}. CloudFormation creates or removes one index of a table in an update, and fails on more: one for each release.`,
  ];
}

function outputChanges(older: Release, newer: Release): string[] {
  return Object.entries(older.outputs).flatMap(([name, value]) =>
    isDeepStrictEqual(newer.outputs[name], value)
      ? []
      : [
          `The output ${name} is gone or says something else. The command line and people's scripts find the stack by it: keep it.`,
        ],
  );
}

function lossOf({ type }: PinnedResource): string {
  return LOSSES[type] ?? 'Keep it as it was.';
}
