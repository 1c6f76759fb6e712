import { isUsableTaskId } from '../../../shared/observations/task-id.ts';

it.each(['5f6c41bf13e36b0600b02b40', 'task_123', '1', ' ', '../x', '__proto__', '😀', '\0'])(
  'takes %j for a key',
  (id) => {
    expect(isUsableTaskId(id)).toBe(true);
  },
);

it.each([undefined, null, '', 5, true, ['id'], { id: 'id' }])('refuses %j', (id) => {
  expect(isUsableTaskId(id)).toBe(false);
});

it.each(['\ud800', 'a\udc00b'])(
  'refuses the lone surrogate in %j, which UTF-8 cannot tell apart',
  (id) => {
    expect(isUsableTaskId(id)).toBe(false);
  },
);

it('takes what fits behind a time in the sort key of an index, and no byte more', () => {
  const room = 1_024 - '2026-11-21T12:00:00.000Z#'.length;
  expect(isUsableTaskId('x'.repeat(room))).toBe(true);
  expect(isUsableTaskId('x'.repeat(room + 1))).toBe(false);
  expect(isUsableTaskId('é'.repeat(room / 2))).toBe(true);
  expect(isUsableTaskId('é'.repeat(room / 2 + 1))).toBe(false);
});
