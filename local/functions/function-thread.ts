import { createRequire } from 'node:module';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';

import * as v from 'valibot';

/** Runs one bundle as Lambda would: in an environment of its own, its handler called once per event. */

const { assetPath } = v.parse(v.object({ assetPath: v.string() }), workerData);

const call = v.object({ id: v.number(), payload: v.string(), deadline: v.number() });

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const bundle: unknown = createRequire(import.meta.url)(join(assetPath, 'index.js'));

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}

const handler: unknown =
  typeof bundle === 'object' && bundle !== null && 'handler' in bundle ? bundle.handler : undefined;
if (!isHandler(handler)) throw new Error(`the bundle in ${assetPath} exports no handler`);

parentPort?.on('message', (message: unknown) => {
  const { id, payload, deadline } = v.parse(call, message);
  const event: unknown = JSON.parse(payload);
  const context = {
    awsRequestId: `local-${String(id)}`,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  handler(event, context).then(
    (result) => parentPort?.postMessage({ id, result }),
    (error: unknown) => {
      const name = error instanceof Error ? error.name : 'Error';
      const text = error instanceof Error ? error.message : String(error);
      // Lambda logs what a handler throws, with all that hangs on it.
      console.error('Invoke Error', inspect(error, { depth: 9 }));
      parentPort?.postMessage({ id, error: { name, message: text } });
    },
  );
});

parentPort?.postMessage({ loaded: true });
