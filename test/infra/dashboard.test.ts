import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Template } from 'aws-cdk-lib/assertions';

import { resourceAt, resourcesOf, synthesizedTemplate } from '../support/mirror-template.ts';

// Loading CDK takes seconds where other tests run beside.
jest.setTimeout(60_000);

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly properties: {
    readonly markdown?: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly unknown[][];
  };
}

let template: Template;
let widgets: readonly Widget[];

/** The body as CloudWatch gets it, with a logical id in the place of each reference. */
function bodyOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const {
    'Fn::Join': [, parts],
  } = value as { 'Fn::Join': [string, unknown[]] };
  const texts = parts.map((part) => {
    if (typeof part === 'string') return part;
    const { Ref, 'Fn::GetAtt': attribute } = part as { Ref?: string; 'Fn::GetAtt'?: string[] };
    return Ref ?? attribute?.[0] ?? '';
  });
  return texts.join('');
}

beforeAll(() => {
  template = synthesizedTemplate();
  const body = resourceAt(template, 'Dashboard/Dashboard').properties['DashboardBody'];
  ({ widgets } = JSON.parse(bodyOf(body)) as { widgets: Widget[] });
});

test('answers from top to bottom what an operator asks', () => {
  const headings = widgets.filter(({ type }) => type === 'text');

  expect(headings.map(({ properties }) => properties.markdown)).toEqual([
    '## Are callbacks coming in?',
    '## Are they stored?',
    '## Is the mirror complete?',
    '## What does it cost?',
  ]);
  const rows = headings.map(({ y }) => y);
  expect(rows).toEqual(rows.toSorted((one, other) => one - other));
  for (const { x, width } of widgets) expect(x + width).toBeLessThanOrEqual(24);
});

test('shows every alarm on top', () => {
  const alarms = resourcesOf(template)
    .filter(({ type }) => type === 'AWS::CloudWatch::Alarm')
    .map(({ logicalId }) => logicalId);

  expect(widgets[0]).toMatchObject({ type: 'alarm', y: 0, properties: { alarms } });
});

test('has no more metrics than AWS gives free', () => {
  const lines = widgets.flatMap(({ properties }) => properties.metrics ?? []);

  expect(lines.length).toBeGreaterThan(30);
  expect(lines.length).toBeLessThanOrEqual(50);
});

test('shows what functions count, and nothing that nobody counts', () => {
  const folder = join(import.meta.dirname, '..', '..', 'functions');
  const code = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const own = widgets
    .flatMap(({ properties }) => properties.metrics ?? [])
    .filter(([namespace]) => namespace === 'ScaleTaskMirror')
    .map(([, name]) => String(name));

  expect(own.length).toBeGreaterThan(10);
  for (const name of own) {
    if (name !== 'CallbackThrottled') expect(code).toContain(`'${name}'`);
  }
});

test('shows what every function costs', () => {
  const functions = resourcesOf(template)
    .filter(({ type }) => type === 'AWS::Lambda::Function')
    .map(({ logicalId }) => logicalId);
  const durations = widgets
    .flatMap(({ properties }) => properties.metrics ?? [])
    .filter(([, name]) => name === 'Duration')
    .map(([, , , functionName]) => functionName);

  expect(durations).toEqual(functions);
});
