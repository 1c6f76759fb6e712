import * as v from 'valibot';

import { mustEqual } from '../checks.ts';
import { output } from '../deployed/read-stack.ts';
import { FOLLOWED_TASK } from './way-in.ts';
import { eventually, type World } from './world.ts';

const event = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ 'detail-type': v.string(), detail: v.object({ taskId: v.optional(v.string()) }) }),
);

/** What was stored is told, by the streams of the tables, on the stack's own event bus. */
export async function checkEvents(world: World): Promise<void> {
  const { checks, deployed, here } = world;
  const bus = output(deployed.stack, 'EventBusName');
  await checks.expect('the followed task is told on the event bus', async () => {
    const told = await eventually(world, 'its event', () =>
      here.events
        .map((line) => v.parse(event, line))
        .find(({ detail }) => detail.taskId === FOLLOWED_TASK),
    );
    mustEqual('its type', told['detail-type'], 'TaskCompleted');
    const calls = [...here.calls.values()].flatMap((made) => [...made]);
    const puts = calls.filter((call) => call.startsWith('events:PutEvents'));
    mustEqual('where events were put', puts, [`events:PutEvents ${bus}`]);
    return `TaskCompleted on ${bus}`;
  });
  await checks.expect('no record of a stream was given up', () => {
    const failures = output(deployed.stack, 'ChangesFailuresUrl').split('/').at(-1) ?? '';
    const calls = [...here.calls.values()].flatMap((made) => [...made]);
    mustEqual(
      'sent there',
      calls.filter((call) => call === `sqs:SendMessage ${failures}`),
      [],
    );
    return 'ChangesFailures is empty';
  });
}
