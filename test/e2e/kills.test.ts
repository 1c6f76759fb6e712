import { runKills } from '../../prove/kills/kill-runs.ts';

jest.setTimeout(120_000);

it('every callback that was acknowledged is stored once, byte for byte, after two kills under load', async () => {
  const { PATH, HOME } = process.env;

  const report = await runKills({ kills: 2, seed: 2, environment: { PATH, HOME } });

  expect(report).toMatchObject({ missing: [], altered: [], duplicated: [], deadLetters: 0 });
  expect(report.kills).toHaveLength(2);
  expect(report.acknowledged).toBeGreaterThan(0);
});
