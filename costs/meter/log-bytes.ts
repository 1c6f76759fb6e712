import type { Meter } from './meter.ts';

/** CloudWatch counts so many beside each line. */
export const BYTES_BESIDE_A_LINE = 26;

const writes = [process.stdout, process.stderr].map((stream) => ({
  stream,
  write: stream.write.bind(stream),
}));

/**
 * Runs a function and counts what it prints, which Lambda hands to CloudWatch: its lines and its metrics, which are
 * lines too. Nothing of it is printed. One at a time.
 */
export async function meteringLines<Result>(
  meter: Meter,
  where: string,
  run: () => Promise<Result>,
): Promise<Result> {
  const count = (chunk: unknown): boolean => {
    const lines = String(chunk)
      .split('\n')
      .filter((line) => line !== '');
    for (const line of lines) {
      meter.add('logBytes', where, Buffer.byteLength(line) + BYTES_BESIDE_A_LINE);
    }
    return true;
  };
  for (const { stream } of writes) stream.write = count;
  try {
    return await run();
  } finally {
    for (const { stream, write } of writes) stream.write = write;
  }
}
