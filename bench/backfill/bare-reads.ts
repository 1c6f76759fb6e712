import * as v from 'valibot';

import type { Account } from './account.ts';

const page = v.object({ next_token: v.nullish(v.string()) });

/** Reads all completed tasks, page after page, as a script would that does nothing with them. */
export async function readBarely({
  scaleUrl,
  apiKey,
  project,
}: Account): Promise<{ readonly ms: number; readonly pages: number }> {
  const startedAt = performance.now();
  let token: string | null | undefined;
  let pages = 0;
  do {
    const query = new URLSearchParams({
      ...{ project_name: project, status: 'completed', limit: '99' },
      ...(token && { next_token: token }),
    });
    const response = await fetch(`${scaleUrl}/v2/tasks?${query.toString()}`, {
      headers: { authorization: `Bearer ${apiKey}` },
    });
    token = v.parse(page, await response.json()).next_token;
    pages += 1;
  } while (token);
  return { ms: performance.now() - startedAt, pages };
}
