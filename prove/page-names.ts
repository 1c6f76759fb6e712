import { loadNames } from '../shared/walks/names.ts';
import type { SeenName } from '../shared/walks/foreign-tasks.ts';
import type { Directory } from '../shared/coverage/directory.ts';
import { readNamed } from '../shared/observations/task-object.ts';
import type { Arrival } from './arrival.ts';

/** What backfill learns of names, page by page, in the order in which they were read. */
export interface LearnedNames {
  add(arrival: Arrival): void;
  learnUntil(time: number): Promise<void>;
  /** The texts of pages that were added. */
  texts(): readonly string[];
}

export function learnedNames(directory: Directory, arrivals: readonly Arrival[]): LearnedNames {
  const pages = arrivals.flatMap(toPage).toSorted((a, b) => a.respondedAt - b.respondedAt);
  const added: string[] = [];
  return {
    add: (arrival) => {
      pages.push(...toPage(arrival));
      if (arrival.document) added.push(arrival.document.text);
    },
    texts: () => added,
    learnUntil: async (time) => {
      for (let page = pages[0]; page && page.respondedAt <= time; page = pages[0]) {
        pages.shift();
        await (await loadNames(directory)).learn(page.seen, page.requestedAt);
      }
    },
  };
}

interface Page {
  readonly requestedAt: number;
  readonly respondedAt: number;
  readonly seen: readonly SeenName[];
}

function toPage({ origin, document }: Arrival): Page[] {
  if (origin.source !== 'backfill' || document?.shape !== 'v2') return [];
  const { requestedAt, respondedAt } = origin;
  const value: unknown = JSON.parse(document.text);
  const seen = (['project', 'batch'] as const).flatMap((kind) => {
    const { id, name } = readNamed(memberOf(value, kind), 'v2');
    return id === undefined || name === undefined ? [] : [{ kind, id, name }];
  });
  return [{ requestedAt, respondedAt, seen }];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
