const BASE_NAME = 'ScaleTaskMirror';

/** The stack of a stage: several stages live in one account, by `-c stage=prod`. */
export function stackName(stage: unknown): string {
  if (stage === undefined) return BASE_NAME;
  if (typeof stage !== 'string' || !/^[A-Za-z][A-Za-z0-9-]{0,40}$/.test(stage)) {
    throw new Error('stage must begin with a letter and hold letters, digits and hyphens only');
  }
  return `${BASE_NAME}-${stage}`;
}
