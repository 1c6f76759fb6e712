import * as inputs from './action-inputs.ts';
import { ok, type Route } from './answer.ts';
import { readInput } from './input.ts';
import type { Batch } from './model.ts';
import type { Simulator } from './simulator.ts';

/** Batches by the control API. `:idOrName` is either. */
export function batchControl(simulator: Simulator): Route[] {
  const { batches, places } = simulator;
  const act = (name: string, change: (batch: Batch) => Batch): Route => ({
    method: 'POST',
    path: `/_simulator/batches/:idOrName/${name}`,
    answer: (_, batch) => ok(change(places.batch(batch))),
  });
  return [
    {
      method: 'POST',
      path: '/_simulator/batches',
      answer: ({ json }) => ok(places.createBatch(readInput(inputs.newBatch, json()))),
    },
    {
      method: 'GET',
      path: '/_simulator/batches/:idOrName',
      answer: (_, batch) => ok(places.batch(batch)),
    },
    {
      method: 'POST',
      path: '/_simulator/batches/:idOrName/rename',
      answer: ({ json }, batch) =>
        ok(places.renameBatch(batch, readInput(inputs.newName, json()).name)),
    },
    {
      method: 'POST',
      path: '/_simulator/batches/:idOrName/status',
      answer: ({ json }, batch) => {
        const { status } = readInput(inputs.batchStatus, json());
        return ok(batches.moveTo(places.batch(batch), status));
      },
    },
    act('finalize', batches.finalize),
    act('pause', batches.pause),
    act('resume', batches.resume),
    act('cancel', batches.cancel),
  ];
}
