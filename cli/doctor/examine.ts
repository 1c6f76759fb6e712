import type { Clock, Sleep } from '../../shared/platform/clock.ts';
import { countArchived } from '../../shared/queue/dead-letter-archive.ts';
import type { Mirror } from '../mirror.ts';
import type { ScaleAccess } from '../target.ts';
import { type Check, type Finding, skipped } from './check.ts';
import { type PostCallback, refusesWrongKey, storesSigned } from './round-trip.ts';
import { clocksAgree, keyIsValid, sourcesExist } from './scale-checks.ts';
import {
  alarmsReachSomebody,
  backfillRuns,
  callsHaveRoom,
  nothingIsDead,
  schedulesRun,
  secretIsFilled,
} from './watch-checks.ts';

export interface ExamineDependencies {
  readonly mirror: Mirror;
  readonly scale: () => Promise<ScaleAccess>;
  readonly post: PostCallback;
  readonly clock: Clock;
  readonly sleep: Sleep;
}

/** All checks of a mirror, from what stands at its door to who hears of its troubles. */
export function examine(dependencies: ExamineDependencies): readonly Check[] {
  const { mirror, scale, post, clock, sleep } = dependencies;
  const withScale = (check: (access: ScaleAccess) => Promise<Finding>) => async () => {
    // Whether the secret is filled is a check of its own.
    if ((await (await mirror.apiKey()).read()) === undefined) return skipped('there is no API key');
    return check(await scale());
  };
  const roundTrip = async () => ({
    ...{ post, clock, sleep },
    url: await mirror.callbackUrl(),
    callbackKeys: await mirror.callbackKeys(),
    taskTable: await mirror.taskTable(),
    eraser: await mirror.eraser(),
  });
  return [
    {
      name: 'callback keys',
      run: async () => secretIsFilled(await mirror.callbackKeys(), 'the callback keys'),
    },
    { name: 'wrong key', run: async () => refusesWrongKey(await roundTrip()) },
    { name: 'signed callback', run: async () => storesSigned(await roundTrip()) },
    { name: 'API key', run: async () => secretIsFilled(await mirror.apiKey(), 'the API key') },
    { name: 'Scale', run: withScale(keyIsValid) },
    {
      name: 'sources',
      run: withScale(async (access) => sourcesExist(access, await mirror.mirrorState())),
    },
    { name: 'clocks', run: withScale((access) => clocksAgree(access, clock)) },
    { name: 'schedules', run: async () => schedulesRun(await mirror.watch()) },
    {
      name: 'backfill',
      run: withScale(async () => backfillRuns(await mirror.mirrorState(), clock)),
    },
    {
      name: 'dead letters',
      run: async () =>
        nothingIsDead(await mirror.queueDepths(), await countArchived(await mirror.bodies())),
    },
    { name: 'concurrency', run: async () => callsHaveRoom(await mirror.watch()) },
    { name: 'alarms', run: async () => alarmsReachSomebody(await mirror.watch()) },
  ];
}
