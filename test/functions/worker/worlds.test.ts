import { worldOf, type World } from '../../../shared/scale/world.ts';
import { aCallback, aV1Task } from '../../support/builders.ts';
import { aMirror } from '../../support/worker-driver.ts';

it.each([
  ['live_0123456789abcdef', 'live'],
  ['test_0123456789abcdef', 'test'],
  ['test_local', 'unknown'],
  ['0123456789abcdef', 'unknown'],
] as const)('the key %s opens the world %s', (key, world) => {
  expect(worldOf(key)).toBe(world);
});

const cases: [World | null, boolean | undefined, 'stored' | 'kept'][] = [
  ['live', true, 'kept'],
  ['live', false, 'stored'],
  ['live', undefined, 'stored'],
  ['test', true, 'stored'],
  ['test', false, 'kept'],
  ['test', undefined, 'stored'],
  ['unknown', true, 'stored'],
  ['unknown', false, 'stored'],
  [null, true, 'stored'],
  [null, false, 'stored'],
];

it.each(cases)(
  'with a key of the world %s a task of is_test %s is %s',
  async (world, isTest, end) => {
    const mirror = aMirror({ world });
    const body = aCallback(aV1Task({ is_test: isTest }));
    expect(await mirror.see(body)).toEqual([]);
    expect(mirror.taskTable.head('task-1') !== undefined).toBe(end === 'stored');
    expect(await mirror.unrecognised()).toEqual(end === 'kept' ? [Buffer.from(body)] : []);
    expect(mirror.metrics.total('Unrecognised')).toBe(end === 'kept' ? 1 : 0);
  },
);

it('a task of the other world does not touch the task of the same id', async () => {
  const mirror = aMirror({ world: 'live' });
  await mirror.see(aCallback());
  const before = mirror.head();
  await mirror.see(aCallback(aV1Task({ is_test: true, response: { category: 'fake' } })));
  expect(mirror.head()).toBe(before);
  expect(mirror.taskTable.documents('task-1')).toHaveLength(1);
});
