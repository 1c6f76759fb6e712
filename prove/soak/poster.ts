import { Agent, request } from 'node:http';

/** Posts callbacks over connections of its own, which stay open between posts. */
export interface Poster {
  /** The status of the answer; 0 where none came. Never fails. */
  post(body: string): Promise<number>;
  close(): void;
}

export interface PosterSettings {
  readonly callbackUrl: string;
  readonly key: string;
  readonly connections: number;
}

/** API Gateway has answered by then. */
const LONGEST_ANSWER_MS = 30_000;

export function createPoster({ callbackUrl, key, connections }: PosterSettings): Poster {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const options = {
    method: 'POST',
    agent,
    timeout: LONGEST_ANSWER_MS,
    headers: { 'content-type': 'application/json', 'scale-callback-auth': key },
  };
  return {
    post: (body) =>
      new Promise((resolve) => {
        const posted = request(callbackUrl, options, (response) => {
          response.resume();
          response.once('close', () => {
            resolve(response.complete ? (response.statusCode ?? 0) : 0);
          });
        });
        posted.once('timeout', () => posted.destroy());
        posted.once('error', () => {
          resolve(0);
        });
        posted.end(body);
      }),
    close: () => {
      agent.destroy();
    },
  };
}
