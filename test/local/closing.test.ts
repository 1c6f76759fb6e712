import { createClosing } from '../../local/closing.ts';

test('what was opened last is closed first, each when the one before is done', async () => {
  const closing = createClosing();
  const closed: string[] = [];
  for (const name of ['first', 'second', 'third']) {
    closing.defer(async () => {
      await Promise.resolve();
      closed.push(name);
    });
  }

  await closing.closeAll();

  expect(closed).toEqual(['third', 'second', 'first']);
});

test('a failure does not keep the others open, and is told at the end', async () => {
  const closing = createClosing();
  const closed: string[] = [];
  closing.defer(() => void closed.push('first'));
  closing.defer(() => Promise.reject(new Error('stuck')));
  closing.defer(() => void closed.push('third'));

  await expect(closing.closeAll()).rejects.toThrow('stuck');

  expect(closed).toEqual(['third', 'first']);
});

test('nothing is closed twice', async () => {
  const closing = createClosing();
  let times = 0;
  closing.defer(() => void (times += 1));

  await Promise.all([closing.closeAll(), closing.closeAll()]);

  expect(times).toBe(1);
});
