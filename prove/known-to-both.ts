import * as v from 'valibot';

const task = v.object({
  status: v.string(),
  completed_at: v.optional(v.string()),
  metadata: v.unknown(),
  response: v.optional(v.object({ answer: v.number() })),
  threads: v.optional(v.array(v.object({ annotations: v.array(v.object({ value: v.number() })) }))),
});

/**
 * What both shapes can say of a task, as JSON. Where v2 alone has shown the last change, no more is
 * expected: reviews, unique ids and what a recall has kept are for v1 to say.
 */
export function knownToBoth(text: string): string {
  const { status, completed_at, metadata, response, threads } = v.parse(task, JSON.parse(text));
  if (status !== 'completed') return JSON.stringify({ status, metadata });
  const answer = response?.answer ?? threads?.[0]?.annotations[0]?.value;
  return JSON.stringify({ status, metadata, completed_at, answer });
}
