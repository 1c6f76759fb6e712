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
