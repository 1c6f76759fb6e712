import { createRequire } from 'node:module';

/**
 * What Lambda's runtime loads of ingest: an ES module, so that it waits for `ready` while it still initialises, with all of the
 * CPU. All else stays CommonJS: an ES module that imports `node:http` loads undici with it.
 */
const { handler, ready } = createRequire(import.meta.url)('./index.js');

await ready;

export { handler };
