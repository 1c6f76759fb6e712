import { reconcileToTheEnd } from '../../../shared/walks/reconcile-to-the-end.ts';
import { fakeClock } from '../../support/fake-clock.ts';

const event = { full: true, since: '2026-11-21T12:00:00.000Z' } as const;

const aReport = (source: string, missing = 0) => ({
  ...{ source, isComplete: true, atScale: 9, here: 9, missing },
  ...{ overdue: 0, differing: 0, open: 0, gone: 0 },
});

/** A function that gives these answers, one after the other. */
function answering(...answers: object[]) {
  const events: object[] = [];
  const invoke = async (event: object) => {
    events.push(event);
    return answers.shift();
  };
  return { events, invoke };
}

describe('a reconcile to the end', () => {
  it('is called until all sources are compared, each time from the same moment on', async () => {
    const { events, invoke } = answering(
      { outcome: 'busy', reports: [] },
      { outcome: 'unfinished', reports: [aReport('project:A')] },
      { outcome: 'unfinished', reports: [] },
      { outcome: 'finished', reports: [aReport('project:B', 3)] },
    );
    const told: string[] = [];
    const tell = (line: string) => void told.push(line);
    const done = await reconcileToTheEnd(invoke, event, { tell, sleep: fakeClock().sleep });
    expect(done).toEqual({
      outcome: 'finished',
      reports: [aReport('project:A'), aReport('project:B', 3)],
    });
    expect(events).toHaveLength(4);
    expect(new Set(events.map((event) => JSON.stringify(event))).size).toBe(1);
    expect(events[0]).toEqual(event);
    expect(told[0]).toContain('another reconcile is running');
  });

  it('fails with what the function says', async () => {
    const { invoke } = answering({ errorMessage: 'reconcile failed for project:A' });
    await expect(
      reconcileToTheEnd(invoke, event, { tell: () => undefined, sleep: fakeClock().sleep }),
    ).rejects.toThrow('project:A');
  });
});
