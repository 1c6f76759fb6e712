import { parseArgs } from 'node:util';

import { loadScenario, type Scenario, scenarioNames } from './scenario.ts';
import { isUrl } from './outbox.ts';

/** The arguments of `npm run simulator`. */
export interface Options {
  readonly help: boolean;
  readonly port: number;
  readonly callbackUrl: string | undefined;
  readonly callbackKey: string;
  readonly apiKey: string;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly data: string | undefined;
  readonly demo: boolean;
}

/** Arguments that cannot be used; the message is one line. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
}

/** Reads the arguments. Errors: `OptionsError`, and `ScenarioError` for a scenario that cannot be used. */
export function readOptions(args: readonly string[]): Options {
  const values = parse(args);
  const { help, demo, data } = values;
  const callbackUrl = values['callback-url'];
  if (callbackUrl !== undefined && !(isUrl(callbackUrl) && URL.canParse(callbackUrl))) {
    throw new OptionsError(`--callback-url must be an http or https URL, not "${callbackUrl}"`);
  }
  return {
    help,
    port: wholeNumber('--port', values.port, 65_535),
    callbackUrl,
    callbackKey: values['callback-key'],
    apiKey: values['api-key'],
    scenario: loadScenario(values.scenario),
    seed: wholeNumber('--seed', values.seed, 2 ** 31 - 1),
    data,
    demo,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', default: false },
        port: { type: 'string', default: '4010' },
        'callback-url': { type: 'string' },
        'callback-key': { type: 'string', default: 'local-callback-key' },
        'api-key': { type: 'string', default: 'test_local' },
        scenario: { type: 'string', default: 'calm' },
        seed: { type: 'string', default: '1' },
        data: { type: 'string' },
        demo: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new OptionsError(message.replaceAll('\n', ' '));
  }
}

function wholeNumber(name: string, text: string, most: number): number {
  const number = Number(text);
  if (/^\d{1,10}$/.test(text) && number <= most) return number;
  throw new OptionsError(`${name} must be a whole number from 0 to ${most}, not "${text}"`);
}

export function helpText(): string {
  return `Usage: npm run simulator -- [options]

Plays Scale's task API (v1 and v2) on this machine, posts callbacks, and misbehaves on demand.

Options:
  --port N              where it listens, on 127.0.0.1 (4010); 0 means any free port
  --callback-url URL    the account's default callback URL (none: callbacks are not posted)
  --callback-key KEY    sent with each callback as scale-callback-auth (local-callback-key)
  --api-key KEY         what clients have to send, by Bearer or Basic (test_local)
  --scenario NAME|FILE  how it misbehaves (calm); names: ${scenarioNames().join(', ')}
  --seed N              the same seed misbehaves in the same way (1)
  --data FILE           keeps all tasks there across restarts (in memory without it)
  --demo                a small world that lives: tasks come, are completed, audited, recalled
  --help                print this

Examples:
  npm run simulator -- --demo --callback-url http://127.0.0.1:3000/callbacks
  npm run simulator -- --scenario bad-day --seed 7 --data .local/scale.db
  curl http://127.0.0.1:4010/_simulator
  curl http://127.0.0.1:4010/_simulator/tasks -d '{"project":"Cars","id":"task-1"}'
  curl http://127.0.0.1:4010/_simulator/tasks/task-1/complete -d '{"answer":"red"}'
  curl -H 'Authorization: Bearer test_local' 'http://127.0.0.1:4010/v2/tasks?project_name=Cars'

When it serves, it prints one line: ready {"url", "controlUrl", "callbackUrl", "seed"}.
Exit codes: 0 stopped, 1 could not start, 2 wrong arguments. More: docs/simulator.md
`;
}
