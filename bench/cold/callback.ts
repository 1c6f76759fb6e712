/** A callback of an image annotation, about so many bytes long. Looks as varied as real ones: it has to be compressed. */
export function callback(taskId: string, bytes: number): string {
  const random = numbers(7);
  const annotations: object[] = [];
  const task = {
    task_id: taskId,
    created_at: '2026-11-20T10:00:00.000Z',
    completed_at: '2026-11-20T11:00:00.000Z',
    type: 'imageannotation',
    status: 'completed',
    project: 'Street scenes',
    batch: 'night',
    params: { attachment: `https://example.com/${taskId}.jpg`, instruction: 'Box every car.' },
    metadata: { frame: Math.floor(random() * 1e6) },
    response: { annotations },
  };
  const size = (): number => JSON.stringify(task).length;
  const one = () => ({
    label: ['car', 'truck', 'cyclist', 'pedestrian'][Math.floor(random() * 4)],
    uuid: Array.from({ length: 4 }, () => Math.floor(random() * 2 ** 32).toString(16)).join('-'),
    left: random() * 1_920,
    top: random() * 1_080,
    width: random() * 300,
    height: random() * 200,
    attributes: { occluded: random() < 0.2, truncated: random() < 0.1 },
  });
  const empty = size();
  annotations.push(one());
  const each = size() - empty;
  while (annotations.length < (bytes - empty) / each) annotations.push(one());
  return JSON.stringify({ task, task_id: taskId });
}

/** The same numbers in every run, from 0 to 1 (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
