import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';

/**
 * Does what Lambda's runtime does with a bundle: `require` for a file that ends in .js or .cjs, `import` for .mjs (aws-lambda-ric
 * 3.3.0, UserFunction.js), then calls of the handler. An ES module, as the runtime is (its `bin/index.mjs`): all functions pay for
 * that, whatever they are.
 * The last line on stdout is what was measured. Times are nanoseconds of the machine's monotonic clock, one for all processes.
 */
const require = createRequire(import.meta.url);

const [bundle, eventFile, invokes, warmUps = '0'] = process.argv.slice(2);

/** The first line of what Lambda writes of a failed call. */
const fail = (error) => {
  process.stderr.write(`${String(error?.stack)}\n`);
  process.exit(1);
};

async function main() {
  const { handler } = bundle.endsWith('.mjs') ? await import(bundle) : require(bundle);
  const readyAt = process.hrtime.bigint();
  const memoryAtReady = process.memoryUsage.rss();
  const event = JSON.parse(readFileSync(eventFile, 'utf8'));
  const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 10_000 };
  const invoke = async () => {
    const startedAt = process.hrtime.bigint();
    const answer = await handler(event, context);
    const tookMs = Number(process.hrtime.bigint() - startedAt) / 1e6;
    if (answer?.statusCode !== 200 && answer?.batchItemFailures?.length !== 0) {
      throw new Error(`answered ${JSON.stringify(answer)}`);
    }
    return tookMs;
  };
  for (let n = 0; n < Number(warmUps); n += 1) await invoke();
  const invokedMs = [];
  const before = process.cpuUsage();
  for (let n = 0; n < Number(invokes); n += 1) invokedMs.push(await invoke());
  const { user, system } = process.cpuUsage(before);
  const measured = {
    readyAt: String(readyAt),
    invokedMs,
    cpuMs: (user + system) / 1e3,
    memoryAtReady,
    memoryAtEnd: process.memoryUsage.rss(),
  };
  process.stdout.write(`\n${JSON.stringify(measured)}\n`, () => process.exit());
}

main().catch(fail);
