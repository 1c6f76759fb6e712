import * as v from 'valibot';

import { toIso } from '../../shared/platform/iso.ts';
import { badRequest } from './scale-error.ts';
import type { Scenario } from './scenario.ts';

/** Where the next page begins: behind this key and id in the list's order. */
export interface Position {
  readonly key: number;
  readonly id: string;
  /** In lists that page by offset: how many came before. */
  readonly offset: number;
  /** The page before was an empty one on purpose. */
  readonly isAfterEmpty: boolean;
  /** How many pages there were beyond the last. */
  readonly beyond: number;
}

/** Before all tasks, newest first. */
export const BEGINNING: Position = {
  key: Date.parse('9999-12-31T23:59:59.999Z'),
  id: '',
  offset: 0,
  isAfterEmpty: false,
  beyond: 0,
};

export type Api = 'v1' | 'v2';

/** Turns positions into opaque `next_token`s and back, as long as the scenario lets them live. */
export interface Tokens {
  readonly issue: (position: Position, api: Api) => string;
  /** Throws a 400 for a token that is none, or that has expired. */
  readonly redeem: (token: string, api: Api) => Position;
}

const more = {
  o: v.optional(v.number(), 0),
  e: v.optional(v.boolean(), false),
  n: v.optional(v.number(), 0),
};
const v1Token = v.object({ id: v.string(), created_at: v.string(), ...more });
const v2Token = v.object({ id: v.string(), k: v.number(), ...more });

/**
 * Stateless tokens: a real v1 one decodes to base64 JSON `{"id", "created_at"}`; v2's are opaque, and here
 * alike. What Scale answers to a bad or expired one is not documented: 400 is a guess.
 */
export function createTokens(scenario: () => Scenario, now: () => number): Tokens {
  const issued = new Map<string, { readonly at: number; uses: number }>();
  const remember = (token: string): { readonly at: number; uses: number } => {
    const known = issued.get(token) ?? { at: now(), uses: 0 };
    issued.set(token, known);
    return known;
  };
  const canExpire = () => {
    const { expireAfterMs, expireAfterUses } = scenario().tokens;
    return expireAfterMs !== undefined || expireAfterUses !== undefined;
  };

  return {
    issue: (position, api) => {
      const token = encode(position, api);
      if (canExpire()) {
        issued.delete(token);
        remember(token);
      }
      return token;
    },
    redeem: (token, api) => {
      const position = decode(token, api);
      if (position === undefined) throw badRequest('next_token is not valid');
      if (!canExpire()) return position;
      const known = remember(token);
      known.uses += 1;
      const { expireAfterMs = Infinity, expireAfterUses = Infinity } = scenario().tokens;
      if (known.uses > expireAfterUses || now() - known.at > expireAfterMs) {
        throw badRequest('next_token has expired');
      }
      return position;
    },
  };
}

function encode({ key, id, offset, isAfterEmpty, beyond }: Position, api: Api): string {
  const flags = {
    ...(offset > 0 && { o: offset }),
    ...(isAfterEmpty && { e: true }),
    ...(beyond > 0 && { n: beyond }),
  };
  const place = api === 'v1' ? { id, created_at: toIso(key) } : { id, k: key };
  const json = JSON.stringify({ ...place, ...flags });
  return Buffer.from(json).toString(api === 'v1' ? 'base64' : 'base64url');
}

function decode(token: string, api: Api): Position | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(token, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
  if (api === 'v1' && v.is(v1Token, value)) {
    const { id, created_at, o, e, n } = v.parse(v1Token, value);
    return { key: Date.parse(created_at), id, offset: o, isAfterEmpty: e, beyond: n };
  }
  if (api === 'v2' && v.is(v2Token, value)) {
    const { id, k, o, e, n } = v.parse(v2Token, value);
    return { key: k, id, offset: o, isAfterEmpty: e, beyond: n };
  }
  return undefined;
}
