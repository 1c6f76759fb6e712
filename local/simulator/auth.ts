/**
 * Bearer as the v2 pages say, or HTTP Basic with the key as user name and no password as the v1 pages say;
 * both work on both. An empty key lets nobody in.
 */
export function isAuthorized(header: string | undefined, apiKey: string): boolean {
  if (apiKey === '' || header === undefined) return false;
  const [scheme = '', credentials = ''] = header.split(' ', 2);
  if (scheme.toLowerCase() === 'bearer') return credentials === apiKey;
  if (scheme.toLowerCase() !== 'basic') return false;
  return Buffer.from(credentials, 'base64').toString('utf8') === `${apiKey}:`;
}
