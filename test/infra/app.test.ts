import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { stackName } from '../../infra/stage.ts';

// A process that loads CDK takes seconds where other tests run beside.
jest.setTimeout(60_000);

const PROJECT_ROOT = join(import.meta.dirname, '..', '..');

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mirror-app-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Runs the app as the CDK command line does, without its bundles. */
function runApp(config: string, context: object = {}, env: NodeJS.ProcessEnv = process.env) {
  const MIRROR_CONFIG = join(directory, 'a.config.json');
  writeFileSync(MIRROR_CONFIG, config);
  const CDK_CONTEXT_JSON = JSON.stringify({ ...context, 'aws:cdk:bundling-stacks': [] });
  return spawnSync(join(PROJECT_ROOT, 'bin', 'mirror-node'), ['infra/app.ts'], {
    cwd: PROJECT_ROOT,
    env: { ...env, MIRROR_CONFIG, CDK_CONTEXT_JSON, CDK_OUTDIR: join(directory, 'out') },
    encoding: 'utf8',
  });
}

test('a bad configuration ends the app, and each bad key is named', () => {
  const { status, stderr } = runApp(
    '{"sources":[{"allProjects":true}],"backfil":{},"order":{"settleMs":-1}}',
  );

  expect(status).toBeGreaterThan(0);
  expect(stderr).toContain('a.config.json: ');
  expect(stderr).toContain('backfil: is not a known key');
  expect(stderr).toContain('order.settleMs: must not be negative');
  expect(existsSync(join(directory, 'out', 'manifest.json'))).toBe(false);
});

test('a stage has a stack of its own', () => {
  const { status } = runApp('{"sources":[{"allProjects":true}]}', { stage: 'prod' });

  expect(status).toBe(0);
  expect(existsSync(join(directory, 'out', 'ScaleTaskMirror-prod.template.json'))).toBe(true);
  expect(existsSync(join(directory, 'out', 'ScaleTaskMirror.template.json'))).toBe(false);
});

test('the template is made without a network, AWS credentials or a region', () => {
  const nowhere = 'http://127.0.0.1:1';
  const { PATH } = process.env;
  const env = { PATH, HOME: directory, HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere };

  const { status, stderr } = runApp('{"sources":[{"allProjects":true}]}', {}, env);

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test.each([true, false])('nothing is found in the template where tracing is %p', (tracing) => {
  const config = { sources: [{ allProjects: true }], observability: { tracing } };

  const { status, stderr } = runApp(JSON.stringify(config));

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test.each([
  'create',
  'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-1111-2222-3333-444455556666',
])('nothing is found in the template where the key is %s', (encryptionKey) => {
  const { status, stderr } = runApp(
    JSON.stringify({ sources: [{ allProjects: true }], encryptionKey }),
  );

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('nothing is found in the template where alarms are told by every way', () => {
  const alarms = {
    email: ['nights@example.com'],
    https: ['https://pager.example.com/in'],
    slack: { workspaceId: 'T012ABCDE', channelId: 'C012ABCDE' },
  };

  const { status, stderr } = runApp(JSON.stringify({ sources: [{ allProjects: true }], alarms }));

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('two stages have two stacks, and no stage has the plain one', () => {
  expect([undefined, 'prod', 'qa-2'].map(stackName)).toEqual([
    'ScaleTaskMirror',
    'ScaleTaskMirror-prod',
    'ScaleTaskMirror-qa-2',
  ]);
});

test.each(['', ' ', '2nd', 'a b', 'prod/eu', 'ä', '-a', 'a'.repeat(42), 7, true, null, {}])(
  'the stage %p is refused',
  (stage) => {
    expect(() => stackName(stage)).toThrow('stage must begin with a letter');
  },
);
