import { archiveLetter, readArchivedLetter } from '../../../shared/queue/dead-letter-archive.ts';
import { inMemoryBodies } from '../../support/in-memory-bodies.ts';

const letter = {
  messageId: 'letter-1',
  sentAt: Date.parse('2026-11-08T23:59:59.999Z'),
  failure: { error: 'TypeError', at: 'at x' },
  message: { body: '{"é": "😀"}\r\n', attributes: { receivedAt: '2026-11-08', bodyIn: 'inbox' } },
};

test.each([
  ['with a failure', letter],
  ['without one', { ...letter, failure: undefined }],
])('a letter %s comes back as it was', async (_, one) => {
  const bodies = inMemoryBodies();

  await archiveLetter(bodies, one);

  expect(bodies.keys()).toEqual(['dead-letters/2026-11-08/letter-1']);
  await expect(readArchivedLetter(bodies, bodies.keys()[0] ?? '')).resolves.toEqual({
    ...one,
    key: 'dead-letters/2026-11-08/letter-1',
  });
});

test('archived again, there is still one', async () => {
  const bodies = inMemoryBodies();

  await archiveLetter(bodies, letter);
  await archiveLetter(bodies, letter);

  expect(bodies.keys()).toHaveLength(1);
});

test('what is gone is absent, and what is no letter is an error', async () => {
  const bodies = inMemoryBodies();
  await bodies.put('dead-letters/x', { bytes: Buffer.from('{}'), metadata: {} });

  await expect(readArchivedLetter(bodies, 'dead-letters/y')).resolves.toBeUndefined();
  await expect(readArchivedLetter(bodies, 'dead-letters/x')).rejects.toThrow();
});
