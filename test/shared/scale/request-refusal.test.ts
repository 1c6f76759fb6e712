import type { RequestListener } from 'node:http';

import { ScaleRefusedError } from '../../../shared/scale/errors.ts';
import { get } from '../../../shared/scale/request.ts';
import { fixture } from '../../support/builders.ts';
import {
  failureOf,
  html,
  json,
  type LocalScale,
  PATH,
  resetsTheConnection,
  startLocalScale,
} from './local-scale.ts';

const WHOLE = '{}';

let scale: LocalScale;

beforeEach(async () => {
  scale = await startLocalScale();
});

afterEach(() => scale.close());

describe('a refusal', () => {
  it.each([
    [400, 'error-400.json', 'Please include an attachment or attachments parameter.'],
    [
      409,
      'error-409-unique-id.json',
      'The unique_id ("s3://bucket/file.png") is already used for a different task (602c399c6d092c00115aa3c9).',
    ],
  ])('of %i says why, at once', async (status, sample, reason) => {
    scale.willAnswer(json(fixture('samples', sample), status), json(WHOLE));
    const failure = await failureOf(scale.ask());
    expect(failure).toBeInstanceOf(ScaleRefusedError);
    expect(failure).toMatchObject({ status, reason, isUnauthorized: false });
  });

  it.each([401, 403])('of %i is one of the key', async (status) => {
    scale.willAnswer(json(`{"status_code":${status},"error":"Unauthorized"}`, status), json(WHOLE));
    const failure = await failureOf(scale.ask());
    expect(failure).toBeInstanceOf(ScaleRefusedError);
    expect(failure).toMatchObject({ status, reason: 'Unauthorized', isUnauthorized: true });
  });

  it.each(['<html>', '', '{}', '{"error":5}', 'null'])(
    'has no reason where it gives none: %j',
    async (body) => {
      scale.willAnswer(json(body, 401));
      expect(await failureOf(scale.ask())).toMatchObject({ status: 401, reason: undefined });
    },
  );

  it.each<[body: string, statusCode: number | undefined, reason: string | undefined]>([
    ['{"status_code":"400","error":"Why not"}', undefined, 'Why not'],
    ['{"status_code":4001,"error":{"message":"Why not"}}', 4001, undefined],
    ['{"error":"Why not","more":[1]}', undefined, 'Why not'],
    ['[{"error":"Why not"}]', undefined, undefined],
  ])('says as much as can be read of %s', async (body, statusCode, reason) => {
    scale.willAnswer(json(body, 400));
    expect(await failureOf(scale.ask())).toMatchObject({ status: 400, statusCode, reason });
  });

  it.each([
    ['{"error":"No such project"}', 'Scale answered 404 to GET /v2/tasks: No such project'],
    [
      '<html>',
      "Scale answered 404 to GET /v2/tasks: is its name spelt as in Scale, and of this key's world?",
    ],
  ])('of 404 has Scale’s words, else a hint: %s', async (body, message) => {
    scale.willAnswer(json(body, 404));
    const asking = get(scale.settings(), PATH, { read: (text) => text });
    expect(await failureOf(asking)).toMatchObject({ message, isNotFound: true });
  });

  it('without words is told by its status alone', async () => {
    scale.willAnswer(json('', 400));
    expect(await failureOf(scale.ask())).toMatchObject({
      message: 'Scale answered 400 to GET /v2/tasks',
      isNotFound: false,
    });
  });
});

it.each<[what: string, trouble: RequestListener]>([
  ['a refusal', json('{}', 401)],
  ['an outage', json('{}', 503)],
  ['an answer that is not whole', html],
  ['a lost connection', resetsTheConnection],
])('names neither key nor project in the error of %s', async (_, trouble) => {
  scale.willAnswer(trouble);
  const failure = await failureOf(scale.ask({ retries: 0 }));
  const { message } = failure as Error;
  expect(message).toContain('/v2/tasks');
  expect(message).not.toMatch(/Street|live_key/);
});
