import { type Finding, findingsOf } from './checks.ts';
import type { History } from './history.ts';
import { play, type PlayOptions } from './play.ts';
import { START } from './settings.ts';
import type { World } from './world.ts';

interface Line {
  readonly at: number;
  readonly who: 'Scale' | 'mirror';
  readonly what: string;
}

/** Plays a history once more and tells it for people: what happened, what was seen, what was decided. */
export async function timelineOf(history: History, options: PlayOptions = {}): Promise<string> {
  const lines: Line[] = [];
  const played = await play(history, {
    ...options,
    onNote: (at, what) => {
      lines.push({ at, who: 'mirror', what });
    },
  });
  const told = [...scaleLines(played.world), ...lines].sort((a, b) => a.at - b.at);
  return [
    `traits: ${JSON.stringify(history.traits)}`,
    ...told.map(({ at, who, what }) => `${offset(at)}  ${who.padEnd(6)}  ${what}`),
    ...findingsOf(played).map(describeFinding),
    '',
  ].join('\n');
}

function scaleLines({ states }: World): Line[] {
  return states.map(({ since, change, status, answer, review }) => {
    const answered = answer === undefined ? '' : `, answer ${answer}`;
    const reviewed = review === undefined ? '' : `, ${review.status}`;
    return { at: since, who: 'Scale', what: `${change}: ${status}${answered}${reviewed}` };
  });
}

function offset(at: number): string {
  return `${((at - START) / 1_000).toFixed(3).padStart(12)} s`;
}

function describeFinding({ check, when, expected, actual }: Finding): string {
  return `WRONG ${check} (${when}): expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`;
}
