import { writeSync } from 'node:fs';

/** Loaded before a program: at its end it writes to a pipe how much memory the process has held at most, in bytes. */

const PIPE = 3;

process.on('exit', () => {
  writeSync(PIPE, String(process.resourceUsage().maxRSS * 1_024));
});
