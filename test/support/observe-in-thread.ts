import { parentPort, workerData } from 'node:worker_threads';

import { parseCallback } from '../../shared/observations/callback.ts';
import { callbackInterval, observe } from '../../shared/observations/observe.ts';

/** Observes the callback that it is given and answers how many bytes its document has. */

const ORDER = { settleMs: 10_000, skewMs: 5_000 };
const seen = parseCallback(String(workerData));
if (seen.kind !== 'task') throw new Error(`a callback was taken for ${seen.kind}`);
const observation = observe(seen, 'callback', callbackInterval(seen, Date.now(), ORDER));
parentPort?.postMessage(observation.document?.bytes);
