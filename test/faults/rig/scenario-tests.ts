import { type AllClients, openClients } from './clients.ts';
import { type Findings, type Scenario, tryCrashes, tryFaults } from './combinations.ts';

/** The tests of a file's scenarios, one for faults and one for crashes each; says how much was tried. */
export function testScenarios(name: string, scenarios: Readonly<Record<string, Scenario>>): void {
  let clients: AllClients;
  let combinations = 0;

  beforeAll(() => {
    clients = openClients();
  });

  afterAll(() => {
    clients.close();
    process.stdout.write(`${name}: ${String(combinations)} combinations of call and fault\n`);
  });

  const shows = (find: (scenario: Scenario) => Promise<Findings>, scenario: Scenario) =>
    async function run() {
      const findings = await find(scenario);
      combinations += findings.combinations;
      expect(findings.problems).toEqual([]);
    };

  describe.each(Object.entries(scenarios))('%s', (_, scenario) => {
    test(
      'ends the same, whichever call fails',
      shows((one) => tryFaults(clients, one), scenario),
    );
    test(
      'ends the same, wherever the process dies',
      shows((one) => tryCrashes(clients, one), scenario),
    );
  });
}

// Each of them makes hundreds of runs.
jest.setTimeout(180_000);
