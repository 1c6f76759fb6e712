import type { Random } from '../../prove/kills/random.ts';
import type { EventHeap } from './event-heap.ts';
import type { Message } from './queue.ts';
import type { RetryQuota } from './retry-quota.ts';
import type { Tables } from './tables.ts';

/** What a call of the worker does for one message: writes its document and then its head, with the SDK's retries. */
export interface Writes {
  readonly begin: (write: Write, at: number) => void;
  /** Write calls that DynamoDB refused. */
  readonly throttled: () => number;
}

interface Write {
  readonly message: Message;
  /** Of the client of the environment that writes. */
  readonly quota: RetryQuota;
  /** Told once, of what has come of it. */
  readonly onEnd: (outcome: 'stored' | 'failed', at: number) => void;
}

export function createWrites(tables: Tables, events: EventHeap, random: Random): Writes {
  let throttled = 0;

  const writeDocument = (write: Write, at: number, tries: number): void => {
    const { message, quota } = write;
    if (!tables.writeDocument(at, message.hasDocument)) {
      again(write, at, tries, writeDocument);
      return;
    }
    quota.succeeded(tries);
    message.hasDocument = true;
    writeHead(write, at, 1);
  };

  const writeHead = (write: Write, at: number, tries: number): void => {
    if (!tables.writeHead(at, write.message.keys)) {
      again(write, at, tries, writeHead);
      return;
    }
    write.quota.succeeded(tries);
    write.onEnd('stored', at);
  };

  const again = (write: Write, at: number, tries: number, step: typeof writeHead): void => {
    throttled += 1;
    const wait = write.quota.waitAfter(tries, random());
    if (wait === undefined) {
      write.onEnd('failed', at);
      return;
    }
    events.add(at + wait, () => {
      step(write, at + wait, tries + 1);
    });
  };

  return {
    begin: (write, at) => {
      writeDocument(write, at, 1);
    },
    throttled: () => throttled,
  };
}
