import { createRandom, hash } from './random.ts';

const NOISE_LENGTH = 1 << 18;

let noise: string | undefined;

/** Text of so many bytes, the same for the same task, that gzip cannot make much smaller than half. */
export function filler(taskId: string, bytes: number): string {
  noise ??= makeNoise();
  const start = hash(taskId) % (NOISE_LENGTH / 2);
  const first = noise.slice(start, start + bytes);
  return first.length === bytes
    ? first
    : first + noise.repeat(Math.ceil(bytes / NOISE_LENGTH)).slice(0, bytes - first.length);
}

function makeNoise(): string {
  const random = createRandom(1, 'filler');
  const words: string[] = [];
  for (let length = 0; length < NOISE_LENGTH;) {
    const word = random.between(0, 2 ** 31).toString(36);
    words.push(word);
    length += word.length + 1;
  }
  return words.join(' ').slice(0, NOISE_LENGTH);
}
