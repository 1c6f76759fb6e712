import { type IKey } from 'aws-cdk-lib/aws-kms';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** Has every log group below encrypted by a key. Without one CloudWatch encrypts them with its own. */
export function encryptLogsOf(scope: Construct, key: IKey | undefined): void {
  if (key === undefined) return;
  for (const group of scope.node.findAll()) {
    if (group instanceof CfnLogGroup) group.kmsKeyId = key.keyArn;
  }
}
