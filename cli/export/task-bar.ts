import cliProgress from 'cli-progress';

import type { TaskBar } from '../context.ts';

/** A bar on the terminal of stderr that counts tasks. */
export function startTaskBar(): TaskBar {
  const bar = new cliProgress.SingleBar(
    {
      stream: process.stderr,
      format: ' {bar} {step} {value}/{total} tasks | {speed} tasks/s | {left}',
      formatValue: cliProgress.Format.ValueFormat,
      clearOnComplete: true,
      hideCursor: true,
    },
    cliProgress.Presets.shades_classic,
  );
  let current = '';
  let first = 0;
  let startedAt = 0;
  return {
    show(step, tasks, total) {
      if (step !== current) {
        current = step;
        first = tasks;
        startedAt = performance.now();
        bar.start(Math.max(1, total), tasks, { step, speed: 0, left: '' });
      }
      const speed = (tasks - first) / Math.max(0.001, (performance.now() - startedAt) / 1_000);
      // More than were counted at first may come.
      const most = Math.max(1, total, tasks);
      const seconds = speed > 0 ? Math.ceil((most - tasks) / speed) : undefined;
      const left = seconds === undefined ? '' : `about ${String(seconds)} s left`;
      bar.setTotal(most);
      bar.update(tasks, { step, speed: Math.round(speed), left });
    },
    stop: () => {
      bar.stop();
    },
  };
}
