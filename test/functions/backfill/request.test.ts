import { readRequest } from '../../../functions/backfill/request.ts';

it('an invocation may ask for every status', () => {
  expect(readRequest({ full: true })).toEqual({ isFull: true });
});

it.each([{}, { full: false }, { full: 'yes' }, null, undefined, 'full', { time: '2026' }])(
  'any other event asks for what has its turn: %j',
  (event) => {
    expect(readRequest(event)).toEqual({ isFull: false });
  },
);

it('an invocation may ask for completions between two times', () => {
  const askedAt = '2026-11-22T10:00:00.000Z';
  const range = { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z', askedAt };
  const span = {
    from: Date.parse('2026-11-01T00:00:00Z'),
    until: Date.parse('2026-11-02T00:00:00Z'),
  };
  expect(readRequest(range)).toEqual({ isFull: false, range: { span, askedAt } });
  expect(readRequest({ ...range, from: undefined })).toMatchObject({
    range: { span: { until: span.until } },
  });
});

it.each([{ from: 'yesterday', to: '2026-11-02' }, { from: '2026-11-01T00:00:00Z' }, { to: 5 }])(
  'a range that cannot be read is refused: %j',
  (event) => {
    expect(() => readRequest({ ...event, askedAt: 'now' })).toThrow();
  },
);
