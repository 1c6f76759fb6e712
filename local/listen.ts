import { once } from 'node:events';
import type { Server } from 'node:http';

/** Everything listens here and nowhere else. */
const LOOPBACK = '127.0.0.1';

/** A server that serves, and how to end it. */
export interface Listening {
  readonly port: number;
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** A port that cannot be had; the message says which variable to change. */
class PortError extends Error {
  override readonly name = 'PortError';

  constructor(port: number, variable: string, cause: unknown) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const why = code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${code})`;
    super(`port ${String(port)} ${why}: set ${variable} to another one, or 0 for any`, { cause });
  }
}

/** Listens on loopback; 0 means any free port. `variable` names the setting for the error. */
export async function listen(server: Server, port: number, variable: string): Promise<Listening> {
  try {
    server.listen(port, LOOPBACK);
    await once(server, 'listening');
  } catch (error) {
    throw new PortError(port, variable, error);
  }
  const actual = portOf(server);
  return {
    port: actual,
    url: `http://${LOOPBACK}:${String(actual)}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
