import { type Check, endsRight, findingsOf } from './checks.ts';
import { type RuleName, ruleNames, wrongRules } from './common-rules.ts';
import type { History } from './history.ts';
import { play, type Played } from './play.ts';

/** So many of so many. */
export interface Share {
  readonly wrong: number;
  readonly of: number;
}

/** What some runs have shown. */
export interface Figures {
  readonly histories: number;
  readonly observations: number;
  readonly confirms: number;
  readonly seconds: number;
  /** Histories with something wrong, by what was wrong. */
  readonly wrong: Readonly<Partial<Record<Check, number>>>;
  /** How often common rules end wrong, among histories whose last change was announced or seen. */
  readonly rules: Readonly<Record<RuleName, Share>>;
  /** Callback-only mode, among histories whose last change was announced. */
  readonly alone: Readonly<Record<'withUpdatedAt' | 'withoutUpdatedAt', Share>>;
}

/** Adds up what histories show, one after the other. */
export interface Tally {
  add(history: History, played: Played, seconds: number): Promise<void>;
  figures(): Figures;
}

interface Count {
  wrong: number;
  of: number;
}

export function createTally(): Tally {
  const total = { histories: 0, observations: 0, confirms: 0, seconds: 0 };
  const wrong: Partial<Record<Check, number>> = {};
  const rules = Object.fromEntries(ruleNames.map((name) => [name, emptyCount()]));
  const alone = { withUpdatedAt: emptyCount(), withoutUpdatedAt: emptyCount() };
  const ruleOf = (name: RuleName): Count => rules[name] ?? emptyCount();

  return {
    add: async (history, played, seconds) => {
      const { sent, world, confirms } = played;
      total.histories += 1;
      total.observations += sent.arrivals.length;
      total.confirms += confirms;
      total.seconds += seconds;
      for (const check of new Set(findingsOf(played).map((finding) => finding.check))) {
        wrong[check] = (wrong[check] ?? 0) + 1;
      }
      if (world.latest().isDeleted) return;
      if (sent.isLastChangeSeen) {
        const names = wrongRules(sent.arrivals, world);
        for (const name of ruleNames) count(ruleOf(name), names.includes(name));
      }
      if (!sent.isLastChangeAnnounced) return;
      const share = history.traits.showsUpdatedAt ? alone.withUpdatedAt : alone.withoutUpdatedAt;
      count(share, !endsRight(await play(history, { isAlone: true })));
    },
    figures: () => ({
      ...total,
      wrong,
      alone,
      rules: {
        'arrival order': ruleOf('arrival order'),
        'completed_at as version': ruleOf('completed_at as version'),
        'completed is final': ruleOf('completed is final'),
        'write-time stamps': ruleOf('write-time stamps'),
      },
    }),
  };
}

function emptyCount(): Count {
  return { wrong: 0, of: 0 };
}

function count(share: Count, isWrong: boolean): void {
  share.of += 1;
  if (isWrong) share.wrong += 1;
}
