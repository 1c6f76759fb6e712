import { createRequire } from 'node:module';

/**
 * What Lambda's runtime loads of ingest: an ES module, so that it waits for `ready` while it still initialises, with all of the
 * CPU. All else stays CommonJS: an ES module that imports `node:http` loads undici with it.
 */
const load = createRequire(import.meta.url);

// Asked for first: the answers to both handshakes come in while the rest is evaluated.
const { agent, originsOf } = load('./connections.js');
await agent.begin(originsOf(load('node:process').env));

const { handler, ready } = load('./index.js');
await ready;

export { handler };
