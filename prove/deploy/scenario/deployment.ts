import { type Checks, mustEqual } from '../checks.ts';
import type { Clients } from '../deployed/clients.ts';
import type { Deployed } from '../deployed/deployed.ts';
import { leftOvers } from '../deployed/left-overs.ts';
import { readCallers } from '../deployed/read-functions.ts';
import { type DeployedStack, output } from '../deployed/read-stack.ts';
import { nameOf } from '../deployed/read-storage.ts';

/** What the README says stays, by the outputs that name it. */
const KEPT = [
  'TasksTableName',
  'MirrorStateTableName',
  'BodiesBucketName',
  'TaskQueueUrl',
  'TaskDeadLettersUrl',
  'CallbackKeysSecretName',
  'ApiKeySecretName',
];

/** What was asked for is there. */
export async function checkResources(
  checks: Checks,
  { resources, template, outputs }: DeployedStack,
): Promise<void> {
  await checks.expect('every resource of the template is CREATE_COMPLETE', () => {
    const created = resources.filter(({ status }) => status === 'CREATE_COMPLETE');
    const ids = new Set(created.map(({ logicalId }) => logicalId));
    const absent = [...template.keys()].filter((logicalId) => !ids.has(logicalId));
    mustEqual('what was not created', absent, []);
    const types = new Set(resources.map(({ type }) => type));
    return `${String(template.size)} resources of ${String(types.size)} types`;
  });
  await checks.expect('every output names something', () => {
    const vague = [...outputs].filter(([, value]) => !/^[\w:/.?=#$-]+$/.test(value));
    mustEqual('what names nothing', vague, []);
    return `${String(outputs.size)} outputs`;
  });
}

/** Whom Lambda lets call is said by the function's own policy; moto enforces none. */
export async function checkCallers(
  checks: Checks,
  clients: Clients,
  { routes, apiId }: Deployed,
): Promise<void> {
  await checks.expect('the API may call the functions behind its routes', async () => {
    for (const { key, functionArn } of routes) {
      const callers = await readCallers(clients.lambda, functionArn);
      const isAllowed = callers.some(
        ({ service, sourceArn }) =>
          service === 'apigateway.amazonaws.com' && sourceArn.includes(`:${apiId}/`),
      );
      if (!isAllowed) throw new Error(`not for ${key}`);
    }
    return routes.map(({ key }) => key).join(', ');
  });
}

/** What a destroy leaves is what the README says. */
export async function checkDestroyed(
  checks: Checks,
  awsUrl: string,
  clients: Clients,
  stack: DeployedStack,
): Promise<void> {
  await checks.expect('destroy leaves what holds data, and nothing else', async () => {
    const kept = KEPT.map((name) => nameOf(output(stack, name)));
    const left = await leftOvers(awsUrl, clients, stack);
    mustEqual(
      'left behind',
      left.filter((name) => !kept.some((one) => name.startsWith(one))),
      [],
    );
    mustEqual(
      'gone',
      kept.filter((name) => !left.some((one) => one.startsWith(name))),
      [],
    );
    return left.join(', ');
  });
}
