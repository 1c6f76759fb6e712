import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PROJECT_ROOT } from '../../support/running-stack.ts';

/** What must come out nowhere, one for each place where customers and Scale have secrets. */
export const planted = {
  oldKey: 'PLANTED-old-callback-key-6b1f',
  newKey: 'PLANTED-new=callback,key-77aa',
  wrongKey: 'PLANTED-wrong-key-0c2d',
  apiKey: 'live_PLANTEDapikey4f5e6d',
  header: 'PLANTED-header-value-91be',
  email: 'planted.labeler@PLANTED.example',
  answer: 'PLANTED-answer-of-a-labeler',
  metadata: 'PLANTED-metadata-of-a-customer',
  token: 'PLANTED-workspace-token-3e',
  url: 'https://bucket.s3.amazonaws.com/a.png?X-Amz-Signature=PLANTED5ignature',
} as const;

/** Any writing of a planted secret. */
export const PLANTED = /PLANTED/i;

const members = JSON.stringify({
  planted: planted.answer,
  email: planted.email,
  metadata: { note: planted.metadata },
  attachments: [planted.url],
  audits: [{ audited_by: planted.email, audit_source: planted.token }],
}).slice(1, -1);

const SAMPLES = join(PROJECT_ROOT, 'test', 'fixtures');

/** Every sample of the fixtures, as it stands and around a task, with secrets planted in it. */
export function plantedSamples(): string[] {
  const texts = ['docs', 'samples'].flatMap((folder) =>
    readdirSync(join(SAMPLES, folder)).map((file) =>
      readFileSync(join(SAMPLES, folder, file), 'utf8'),
    ),
  );
  return texts.flatMap((text) => {
    const bare = text.trim().replace(/^\{/, `{${members},`);
    return [bare, `{"task":${bare}}`];
  });
}

const task = (taskId: string, status: string, more = ''): string =>
  `{"task":{"task_id":${JSON.stringify(taskId)},"status":"${status}",${members}${more}}}`;

/** Bodies that make ingest, worker, DynamoDB and the reading of Scale fail or give up. */
export const hostileBodies: readonly (string | Uint8Array)[] = [
  `${planted.answer}{`,
  `"${planted.email}"`,
  `[${JSON.stringify(planted.url)}]`,
  Buffer.concat([Buffer.of(0xff), Buffer.from(planted.answer)]),
  `{"task_id":"${planted.email}"}`,
  task(planted.email, 'completed'),
  // The second contradicts the first, so that Scale is asked.
  task('edge-doubt', 'completed'),
  task('edge-doubt', 'pending'),
  task(planted.answer.repeat(2), 'completed'),
  task(planted.answer.repeat(2), 'pending'),
  task('edge-long-project', 'completed', `,"project":"${planted.metadata.repeat(200)}"`),
  task('edge-long-batch', 'completed', `,"batch":"${planted.metadata.repeat(200)}"`),
  task('edge-long-type', 'completed', `,"type":"${planted.metadata.repeat(20_000)}"`),
  task('edge-long-status', planted.metadata.repeat(200)),
  task('x'.repeat(900) + planted.answer.repeat(90), 'completed'),
  task('edge-large', 'completed', `,"response":"${planted.answer.repeat(60_000)}"`),
];

/** An error of Scale that quotes what it was asked with, as careless servers do. */
export const quotingError = JSON.stringify({
  status_code: 400,
  error: `Bad request of ${planted.email} with Bearer ${planted.apiKey} for ${planted.url}`,
});

const WINDOW = 12;

/** Pieces of 12 characters of the bodies that stand in the output. */
export function leaks(output: string, bodies: readonly (string | Uint8Array)[]): string[] {
  const seen = new Set<string>();
  for (let at = 0; at + WINDOW <= output.length; at += 1) seen.add(output.slice(at, at + WINDOW));
  const found = new Set<string>();
  for (const body of bodies) {
    const text = Buffer.from(body).toString('utf8');
    for (let at = 0; at + WINDOW <= text.length; at += 1) {
      const piece = text.slice(at, at + WINDOW);
      if (seen.has(piece)) found.add(piece);
    }
  }
  return [...found];
}
