import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Closing } from '../../local/closing.ts';
import { listen } from '../../local/listen.ts';
import { createSimulatorServer } from '../../local/simulator/simulator-server.ts';
import { createSimulator, type Simulator } from '../../local/simulator/simulator.ts';
import type { Environment } from '../../shared/platform/env.ts';
import { type Checks, mustEqual } from './checks.ts';
import { type Cdk, createCdk } from './cloud/cdk.ts';
import { startMoto } from './cloud/moto.ts';
import { type Clients, closeClients, createClients } from './deployed/clients.ts';
import { type Deployed, readDeployed } from './deployed/deployed.ts';
import { fetchBundle } from './deployed/fetch-bundles.ts';
import { type DeployedStack, output, readOutputs, readStack } from './deployed/read-stack.ts';
import { type RunningHere, runHere } from './run-here.ts';
import { ensureRuntime } from './runtime/install.ts';
import { checkDeadLetters } from './scenario/dead-letters.ts';
import { checkCallers, checkDestroyed, checkResources } from './scenario/deployment.ts';
import { checkEvents } from './scenario/events.ts';
import { checkWalks } from './scenario/walks.ts';
import { checkWayIn } from './scenario/way-in.ts';

export interface ProofSettings {
  readonly env: Environment;
  readonly configPath: string;
  /** For the cloud assembly, the bundles and the logs. */
  readonly folder: string;
  /** Where what the functions asked AWS for is written. */
  readonly callsFile: string;
  readonly checks: Checks;
  readonly closing: Closing;
  readonly signal: AbortSignal;
  /** Says what is being done. */
  readonly say: (line: string) => void;
  /** Is filled, as soon as it is known. */
  readonly counts: Counts;
}

/** How many resources of each type were deployed. */
export type Counts = Map<string, number>;

const STACK = 'ScaleTaskMirror';

/** Where `cdk bootstrap` puts what it makes. */
const TOOLKIT = 'CDKToolkit';

/** The API key is of neither world of Scale's, live or test, as the simulator is. */
const KEYS = { callback: 'prove-deploy-callback-key', api: 'test_local' };

/** Deploys the stack, runs what was deployed, and destroys it. */
export async function proveDeploy(settings: ProofSettings): Promise<void> {
  const { env, configPath, folder, checks, closing, signal, say, counts } = settings;
  const onInstall = (): void => {
    say("installing AWS's runtime client (once) ...");
  };
  const runtime = await ensureRuntime({ env, signal, onInstall });
  const moto = await startMoto(env, join(folder, 'moto.log'));
  closing.defer(moto.stop);
  signal.throwIfAborted();
  const clients = createClients(moto.url);
  closing.defer(() => {
    closeClients(clients);
  });
  const cdk = createCdk({ awsUrl: moto.url, env, configPath, folder, signal });

  const stack = await deploy(settings, cdk, clients);
  for (const { type } of stack.resources) counts.set(type, (counts.get(type) ?? 0) + 1);
  await checkResources(checks, stack);
  const deployed = await readDeployed(moto.url, clients, stack);
  await checkCallers(checks, clients, deployed);
  say('fetching the bundles from the asset bucket ...');
  const bundles = await fetchBundles(settings, clients, deployed);
  say('running what was deployed ...');
  const { simulator, url: scaleApiUrl } = await startScale(closing);
  const here = await runHere({ deployed, bundles, runtime, scaleApiUrl, folder }, closing);
  const callbackUrl = here.apiUrl + new URL(output(stack, 'CallbackUrl')).pathname;
  simulator.setCallbackUrl(callbackUrl);
  const world = { checks, deployed, here, simulator, keys: KEYS, callbackUrl, signal };
  await checkWayIn(world);
  await checkDeadLetters(world);
  await checkWalks(world);
  await checkEvents(world);
  await writeCalls(settings.callsFile, here);

  say('destroying it ...');
  await cdk.destroy(STACK);
  await checkDestroyed(checks, moto.url, clients, stack);
}

async function deploy({ say }: ProofSettings, cdk: Cdk, clients: Clients): Promise<DeployedStack> {
  say('cdk bootstrap ...');
  await cdk.bootstrap();
  say('cdk deploy ...');
  await cdk.deploy(STACK);
  return readStack(clients.cloudformation, STACK);
}

async function fetchBundles(
  { checks, folder }: ProofSettings,
  clients: Clients,
  { functions }: Deployed,
): Promise<ReadonlyMap<string, string>> {
  const outputs = await readOutputs(clients.cloudformation, TOOLKIT);
  const bucket = output({ outputs }, 'BucketName');
  const bundles = new Map<string, string>();
  await checks.expect('Lambda has the bundles that were published', async () => {
    for (const one of functions) {
      const target = { client: clients.s3, bucket, folder: join(folder, 'bundles') };
      bundles.set(one.name, await fetchBundle(target, one));
    }
    return `${String(functions.length)} functions, from ${bucket}`;
  });
  await checks.expect('they run on the Node.js that they are deployed for', () => {
    const [major] = process.versions.node.split('.');
    const runtimes = [...new Set(functions.map(({ runtime }) => runtime))];
    mustEqual('the runtime', runtimes, [`nodejs${major ?? ''}.x`]);
    return `Node.js ${process.versions.node}, aws-lambda-ric`;
  });
  return bundles;
}

async function startScale(
  closing: Closing,
): Promise<{ readonly simulator: Simulator; readonly url: string }> {
  const simulator = createSimulator({ callbackKey: KEYS.callback, autoSend: false });
  closing.defer(() => {
    simulator.close();
  });
  const server = await listen(createSimulatorServer(simulator, KEYS.api), 0, 'PORT');
  closing.defer(server.close);
  return { simulator, url: server.url };
}

async function writeCalls(file: string, { calls }: RunningHere): Promise<void> {
  const ofFunctions = [...calls].map(([name, made]) => [name, [...made].sort()]);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(Object.fromEntries(ofFunctions), undefined, 2)}\n`);
}
