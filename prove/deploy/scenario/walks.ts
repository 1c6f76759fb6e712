import { createReports } from '../../../shared/coverage/dynamo-reports.ts';
import { mustEqual } from '../checks.ts';
import { output } from '../deployed/read-stack.ts';
import { eventually, fillSecret, headOf, runSchedule, type World } from './world.ts';

/** Tasks of which no callback ever comes: more than one page of Scale's. */
const LOST = 250;

/** Backfill fills what no callback has told of, and reconcile finds nothing left to mend. */
export async function checkWalks(world: World): Promise<void> {
  const { checks, deployed, here, simulator, keys } = world;
  simulator.tasks.createMany({
    count: LOST,
    project: 'Lost',
    idPrefix: 'lost',
    status: 'completed',
  });

  await checks.expect('backfill without an API key reads nothing and does no harm', async () => {
    await runSchedule(world, 'BackfillFunctionName');
    mustEqual('the last head', await headOf(world, idOf(LOST - 1)), undefined);
    return 'callback-only mode';
  });
  await fillSecret(world, 'ApiKeySecretName', keys.api);
  await checks.expect(
    "backfill, by its schedule's own target and input, fills the gap",
    async () => {
      const expression = await runSchedule(world, 'BackfillFunctionName');
      for (let number = 0; number < LOST; number += 1) {
        const taskId = idOf(number);
        await eventually(world, `the head of ${taskId}`, () => headOf(world, taskId));
      }
      return `${String(LOST)} tasks, ${expression}`;
    },
  );
  await checks.expect('reconcile, by its schedule, finds that the mirror is complete', async () => {
    const expression = await runSchedule(world, 'ReconcileFunctionName');
    const tableName = output(deployed.stack, 'MirrorStateTableName');
    const reports = await createReports({ client: here.clients.dynamodb, tableName }).list();
    const found = reports.find(({ source }) => source.includes('Lost'));
    if (found === undefined) throw new Error('there is no report');
    const { isComplete, atScale, here: ours, missing, differing } = found;
    const wanted = { isComplete: true, atScale: LOST, ours: LOST, missing: 0, differing: 0 };
    mustEqual('the report', { isComplete, atScale, ours, missing, differing }, wanted);
    return `${String(atScale)} tasks at Scale and here, ${expression}`;
  });
}

function idOf(number: number): string {
  return `lost-${String(number).padStart(String(LOST - 1).length, '0')}`;
}
