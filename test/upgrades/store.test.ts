import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { openClients } from '../faults/rig/clients.ts';
import { makePast } from './past.ts';

jest.setTimeout(60_000);

/** `npm run release:store` names it: keeps what this version writes, for those that follow. */
const version = process.env['STORE_RELEASE'];

(version === undefined ? test.skip : test)('what this version writes is stored', async () => {
  const clients = openClients();
  const stored = await makePast(clients, String(version));
  const file = `${String(version)}.json`;
  const path = join(import.meta.dirname, '..', 'fixtures', 'stored-items', file);
  writeFileSync(path, `${JSON.stringify(stored, undefined, 1)}\n`);
  clients.close();
});
