import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';

/** Sockets that ask for nothing good; `end` closes them all. */
export interface Hostile {
  readonly sockets: readonly Socket[];
  end(): void;
}

/** Opens many connections and writes on each, at once and then again and again. */
export function hostileSockets(
  url: string,
  { count, first, then = '', everyMs = 1_000 }: HostileSettings,
): Hostile {
  const { hostname, port } = new URL(url);
  const sockets = Array.from({ length: count }, () => {
    const socket = connect(Number(port), hostname, () => socket.write(first));
    socket.on('error', () => undefined).resume();
    return socket;
  });
  const timer = setInterval(() => {
    if (then === '') return;
    // A peer that does not read is not waited for.
    for (const socket of sockets)
      if (socket.writable && !socket.writableNeedDrain) socket.write(then);
  }, everyMs);
  return {
    sockets,
    end: () => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    },
  };
}

export interface HostileSettings {
  readonly count: number;
  readonly first: string;
  readonly then?: string;
  readonly everyMs?: number;
}

export interface Answered {
  readonly status: number;
  readonly ms: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 80 });

/** One callback, over kept connections; 0 where no answer came. */
export function postCallback(url: string, key: string, body: string | Buffer): Promise<Answered> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const ended = (status: number): void => {
      resolve({ status, ms: performance.now() - startedAt });
    };
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'scale-callback-auth': key,
    };
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => {
        ended(response.statusCode ?? 0);
      });
    });
    call.once('error', () => {
      ended(0);
    });
    call.end(body);
  });
}

/** Does something so often, so many at once. */
export async function times<Result>(
  count: number,
  atOnce: number,
  act: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const turn = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      results[index] = await act(index);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, turn));
  return results;
}

/** The value that 99 of 100 do not exceed. */
export function p99(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? 0;
}

export function endAgent(): void {
  agent.destroy();
}
