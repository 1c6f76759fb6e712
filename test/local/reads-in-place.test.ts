import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { openDynalite } from '../../local/emulators/dynalite-store.ts';

const path = mkdtempSync(join(tmpdir(), 'mirror-reads-'));
const { server, store } = openDynalite(path);

afterAll(() => {
  server.close();
  rmSync(path, { recursive: true });
});

test('what is asked for before the database is open waits for that', async () => {
  const { db } = store;
  const get = promisify((key: string, done: (error: unknown, value?: unknown) => void) => {
    void db.get(key, done);
  });
  expect(db.status).toBe('opening');

  await expect(get('early')).resolves.toBeUndefined();

  await db.batch([{ type: 'put', key: 'early', value: { n: 1 } }]);
  await expect(get('early')).resolves.toEqual({ n: 1 });
});
