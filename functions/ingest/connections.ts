import { Agent } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, createSecureContext, type TLSSocket } from 'node:tls';

import type { Environment } from '../../shared/platform/env.ts';

/** As `node:https` asks for. */
const ALPNProtocols = ['http/1.1'];

/** A name that resolves slowly must not hold up the rest of a cold start. */
const LONGEST_MS = 50;

/**
 * Holds connections that were begun before anybody needs them: while this side evaluates the SDK, the other one works on the
 * handshake. Each is given out once; all others are made as by any agent.
 */
export class EarlyAgent extends Agent {
  readonly #begun = new Map<string, TLSSocket>();
  readonly #handshakes: Promise<void>[] = [];

  /** Resolves once each handshake has been asked for, or will not be soon. Never rejects, and skips what is not HTTPS. */
  async begin(origins: readonly string[]): Promise<void> {
    const urls = origins.filter((origin) => URL.canParse(origin)).map((origin) => new URL(origin));
    const secure = urls.filter(({ protocol }) => protocol === 'https:');
    await Promise.all(secure.map((url) => this.#begin(url.hostname, Number(url.port || 443))));
  }

  /** Resolves once each handshake that was begun is over, well or not. */
  async settled(): Promise<void> {
    await Promise.all(this.#handshakes);
  }

  #begin(host: string, port: number): Promise<void> {
    const key = keyOf(host, port);
    // Not by itself, as `node:https` does: the host must be told which of its names is meant, and an address is no name.
    const servername = isIP(host) === 0 ? host : undefined;
    const socket = connect({ ...this.options, host, port, servername, ALPNProtocols });
    this.#begun.set(key, socket);
    // Whoever has taken it hears of it too, and who has not makes another one.
    socket.on('error', () => this.#begun.delete(key));
    this.#handshakes.push(
      new Promise((resolve) => {
        socket.once('secureConnect', resolve).once('close', () => {
          resolve();
        });
      }),
    );
    return new Promise((resolve) => {
      const late = setTimeout(resolve, LONGEST_MS);
      const settle = (): void => {
        clearTimeout(late);
        resolve();
      };
      socket.once('connect', settle).once('close', settle);
    });
  }

  override createConnection(
    ...[options, onCreate]: Parameters<Agent['createConnection']>
  ): Duplex | null | undefined {
    const key = keyOf(options.host, options.port);
    const early = this.#begun.get(key);
    this.#begun.delete(key);
    return early?.destroyed === false ? early : super.createConnection(options, onCreate);
  }
}

function keyOf(host: unknown, port: unknown): string {
  return `${String(host)}:${String(port)}`;
}

/** The connections of ingest, by one context: to make another takes as long as half a handshake. */
export const agent = new EarlyAgent({
  keepAlive: true,
  maxSockets: 50,
  secureContext: createSecureContext(),
});

/** Of the services that every cold start calls: the queue, and Secrets Manager in the same region and partition. */
export function originsOf(env: Environment): string[] {
  const queueUrl = env['TASK_QUEUE_URL'] ?? '';
  if (!URL.canParse(queueUrl)) return [];
  const { origin } = new URL(queueUrl);
  const secrets =
    env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] ?? origin.replace('//sqs.', '//secretsmanager.');
  return [...new Set([origin, secrets])];
}
