import { aV2Task } from '../support/builders.ts';
import { aBackfillMessage } from '../support/worker-driver.ts';
import type { ScaleAnswers } from './rig/faulty-fetch.ts';
import { testScenarios } from './rig/scenario-tests.ts';

const task = (id: string, members: object = {}) => aV2Task({ task_id: id, ...members });
const edited = task('edited', { metadata: { city: 'Paris' } });

/** A character that JSON allows and SQS refuses, so that the body travels by the bucket. */
const NOT_FOR_SQS = '\ufffe';

/** Two pages of completed tasks, two of which are lost here and one edited. What is gone is not known either. */
const pages: ScaleAnswers = ({ pathname, searchParams }) => {
  if (pathname !== '/v2/tasks') return undefined;
  if (searchParams.get('status') !== 'completed') return { tasks: [] };
  return searchParams.get('next_token') === '2'
    ? { tasks: [task('same'), task('lost and not for SQS', { note: NOT_FOR_SQS })] }
    : { tasks: [task('lost'), edited], next_token: '2' };
};

testScenarios('reconcile', {
  'what is missing, differing and gone': {
    sources: [{ project: 'Street scenes' }],
    answers: pages,
    arrange: async (rig) => {
      const requestedAt = rig.clock.now();
      const known = ['edited', 'same', 'gone'].map((id) => task(id));
      await rig.send(...known.map((one) => aBackfillMessage(one, { requestedAt })));
      await rig.drain();
      rig.clock.advance(60 * 60_000);
    },
    act: async (rig) => {
      await rig.reconcile();
      await rig.drain();
    },
  },
});
