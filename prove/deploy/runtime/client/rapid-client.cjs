'use strict';

/**
 * Takes the place of the one part of aws-lambda-ric that is native code, its HTTP client, which would have to be compiled
 * at installation. Loaded before it by `--require`. What it has to do is Lambda's runtime API (Lambda docs, "Using the
 * Lambda runtime API for custom runtimes").
 */

const { Buffer } = require('node:buffer');
const http = require('node:http');
const Module = require('node:module');

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function call(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const options = { host, port, agent, method, path: `/2018-06-01/runtime${path}`, headers };
    const request = http.request(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ headers: response.headers, bodyJson: Buffer.concat(chunks).toString() });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** The runtime does not wait for an answer to be taken; the next event is asked for after that. */
let posting = Promise.resolve();

const client = {
  next: async () => {
    await posting;
    const { headers, bodyJson } = await call('GET', '/invocation/next');
    const deadline = 'lambda-runtime-deadline-ms';
    return { headers: { ...headers, [deadline]: Number(headers[deadline]) }, bodyJson };
  },
  done: (id, body) => {
    posting = call('POST', `/invocation/${id}/response`, body);
  },
  error: (id, body) => {
    posting = call('POST', `/invocation/${id}/error`, body);
  },
};

const load = Module._load;
Module._load = (request, ...rest) =>
  request === './rapid-client.node' ? client : load(request, ...rest);
