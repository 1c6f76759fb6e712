import { aCallback, aV1Task } from '../support/builders.ts';
import type { Rig } from './rig/rig.ts';
import { testScenarios } from './rig/scenario-tests.ts';

/** A character that JSON allows and SQS refuses, so that the body travels by the bucket. */
const NOT_FOR_SQS = '\ufffe';

const viaInbox = aCallback(aV1Task({ response: NOT_FOR_SQS }));
const postOnce = (body: string | Uint8Array) => async (rig: Rig) => {
  await rig.post(body);
  rig.recover();
};

testScenarios('ingest', {
  'a callback': { act: postOnce(aCallback()) },
  'a callback that SQS cannot carry': { act: postOnce(viaInbox) },
  'a callback that is not UTF-8': { act: postOnce(Uint8Array.of(0x7b, 0xff, 0x7d)) },
  'a callback while SQS is down': {
    act: postOnce(aCallback()),
    down: { operations: ['sqs SendMessage'], fault: 'error 503' },
  },
});
