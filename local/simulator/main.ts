import { endGracefully } from '../ending.ts';
import { listen } from '../listen.ts';
import { startDemo } from './demo.ts';
import { helpText, type Options, OptionsError, readOptions } from './options.ts';
import { ScenarioError } from './scenario.ts';
import { createSimulatorServer } from './simulator-server.ts';
import { createSimulator } from './simulator.ts';
import { openStore } from './store.ts';

/** `npm run simulator`: a Scale of one's own on this machine. */

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function start(options: Options): Promise<void> {
  const { scenario, seed, callbackUrl, callbackKey, data } = options;
  const store = data === undefined ? undefined : openStore(data);
  const simulator = createSimulator({ scenario, seed, callbackUrl, callbackKey, store });
  const server = createSimulatorServer(simulator, options.apiKey);
  const listening = await listen(server, options.port, '--port');
  const ending = endGracefully(process.env['NPM_PID']);
  ending.stopFirst(async () => {
    await listening.close();
    simulator.close();
  });
  const { url } = listening;
  const ready = { url, controlUrl: `${url}/_simulator`, callbackUrl: callbackUrl ?? null, seed };
  say(`ready ${JSON.stringify(ready)}`);
  if (options.demo) startDemo(simulator, say);
}

function readArguments(): Options | undefined {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof OptionsError || error instanceof ScenarioError)) throw error;
    process.stderr.write(`${error.message} (--help shows all options)\n`);
    process.exitCode = 2;
    return undefined;
  }
}

const options = readArguments();
if (options?.help) process.stdout.write(helpText());
else if (options !== undefined) {
  try {
    await start(options);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`cannot start: ${message.replaceAll('\n', ' ')}\n`);
    process.exit(1);
  }
}
