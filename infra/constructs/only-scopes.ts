/** The condition of a statement that allows only items of these scopes of `MirrorState`. */
export function onlyScopes(...scopes: string[]): Record<string, Record<string, string[]>> {
  return { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': scopes } };
}
