import { readFileSync } from 'node:fs';

import { App } from 'aws-cdk-lib';

import { parseMirrorConfig } from '../shared/platform/mirror-config.ts';
import { checkOnSynth, strictValidation } from './checks.ts';
import { MirrorStack } from './mirror-stack.ts';
import { stackName } from './stage.ts';

const configPath = process.env['MIRROR_CONFIG'] ?? 'mirror.config.json';

const config = parseMirrorConfig(readFileSync(configPath, 'utf8'), configPath);

const app = new App({ postCliContext: strictValidation });
const stage: unknown = app.node.tryGetContext('stage');

const stack = new MirrorStack(app, stackName(stage), {
  description: 'Scale Task Mirror: an exact copy of your Scale tasks in DynamoDB',
  config,
});

checkOnSynth(stack, config.observability);
