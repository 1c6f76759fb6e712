import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  CloudFormationValidatePlugin,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
} from 'aws-cdk-lib';

import { findBrokenRules } from './rules.ts';

const NAME = 'mirror.guard';

/**
 * CDK's CloudFormation validator with all of its own rules, and those of `mirror.guard` beside them. It takes the
 * place of the one that CDK adds by itself.
 */
export class GuardRules extends CloudFormationValidatePlugin {
  constructor() {
    const content = readFileSync(join(import.meta.dirname, NAME), 'utf8');
    super({ guardRules: [{ name: NAME, content }] });
  }

  // The plugin's interface wants them given or absent, and CDK's own class may give `undefined`.
  override get version(): string {
    return super.version ?? '0.0.0';
  }

  override get ruleIds(): string[] {
    return super.ruleIds ?? [];
  }
}

/** The rules that Guard's language cannot say. */
export class MirrorRules implements IPolicyValidationPlugin {
  readonly name = 'MirrorRules';

  validate({ templatePaths }: IPolicyValidationContext): PolicyValidationPluginReport {
    const violations = templatePaths.flatMap((templatePath) =>
      findBrokenRules(JSON.parse(readFileSync(templatePath, 'utf8'))).map(
        ({ rule, logicalId, text }) => ({
          ruleName: rule,
          description: text,
          severity: 'error',
          violatingResources: [{ resourceLogicalId: logicalId, templatePath, locations: [] }],
        }),
      ),
    );
    return { success: violations.length === 0, violations };
  }
}
