import { aCallback, aV1Task, aV2Task } from '../support/builders.ts';
import { type Scenario, tryFaults } from './rig/combinations.ts';
import { openClients } from './rig/clients.ts';

jest.setTimeout(120_000);
const plain = openClients();
afterAll(() => { plain.close(); });

it('x', async () => {
  const s: Scenario = { act: async (rig) => { await rig.post(aCallback()); await rig.drain(); } };
  const t = performance.now();
  const f = await tryFaults(plain, s);
  process.stdout.write(`${f.combinations} in ${performance.now()-t} ms\n`);
  expect(f.problems).toEqual([]);
});
void aV1Task; void aV2Task;
