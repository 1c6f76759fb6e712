import { createManualClock, createTurnableClock } from '../../../local/simulator/clock.ts';

it('what became due while the clock was turned happens in order, each at its own time', async () => {
  const clock = createManualClock(0);
  const seen: [string, number][] = [];
  const note = (name: string) => () => {
    seen.push([name, clock.now()]);
  };
  clock.after(30, note('late'));
  clock.after(10, note('early'));
  clock.after(10, note('second'));
  clock.after(31, note('never'));
  await clock.advance(30);
  expect(seen).toEqual([
    ['early', 10],
    ['second', 10],
    ['late', 30],
  ]);
  expect(clock.now()).toBe(30);
});

it('what is made due by something that happens, happens too', async () => {
  const clock = createManualClock(0);
  let count = 0;
  const again = (): void => {
    count += 1;
    clock.after(10, again);
  };
  clock.after(10, again);
  await clock.advance(100);
  expect([count, clock.now()]).toEqual([10, 100]);
});

it('a turn waits for what takes its time', async () => {
  const clock = createManualClock(0);
  let isDone = false;
  clock.after(5, async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    isDone = true;
  });
  await clock.advance(5);
  expect(isDone).toBe(true);
});

it('two turns at once follow one another', async () => {
  const clock = createManualClock(0);
  await Promise.all([clock.advance(10), clock.advance(20)]);
  expect(clock.now()).toBe(30);
});

it('a clock that ticks lets things happen by itself, and can be turned', async () => {
  const clock = createTurnableClock();
  const start = Date.now();
  const happened = new Promise<void>((resolve) => {
    clock.after(20, resolve);
  });
  await happened;
  expect(Date.now() - start).toBeGreaterThanOrEqual(19);
  await clock.advance(3_600_000);
  expect(clock.now() - Date.now()).toBeGreaterThanOrEqual(3_599_000);
  clock.stop();
});

it('what goes wrong in a turn is told to whoever turned', async () => {
  const clock = createManualClock(0);
  clock.after(1, () => {
    throw new Error('broken');
  });
  await expect(clock.advance(1)).rejects.toThrow('broken');
  await clock.advance(1);
  expect(clock.now()).toBe(2);
});
