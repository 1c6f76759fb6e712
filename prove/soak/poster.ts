import { Agent, type ClientRequest, request } from 'node:http';

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
  const post = (body: string): Promise<number> =>
    new Promise((resolve) => {
      const posted = request(callbackUrl, options, (response) => {
        response.resume();
        response.once('close', () => {
          resolve(response.complete ? (response.statusCode ?? 0) : 0);
        });
      });
      posted.once('timeout', () => posted.destroy());
      posted.once('error', (error) => {
        resolve(isClosedMeanwhile(posted, error) ? post(body) : 0);
      });
      posted.end(body);
    });
  return {
    post,
    close: () => {
      agent.destroy();
    },
  };
}

/** The server closed a connection that had been idle for long just as it was used again (Node.js docs, `request.reusedSocket`). */
function isClosedMeanwhile({ reusedSocket }: ClientRequest, error: Error): boolean {
  return reusedSocket && 'code' in error && error.code === 'ECONNRESET';
}
