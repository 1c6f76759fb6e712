import * as v from 'valibot';

const address = v.pipe(v.string(), v.email('must be an e-mail address'));

const endpoint = v.pipe(
  v.string(),
  v.check(
    (text) => text.startsWith('https://') && URL.canParse(text),
    'must be a URL that begins with https://',
  ),
);

function listOf(item: v.GenericSchema<string>) {
  const areDifferent = (items: string[]) => new Set(items).size === items.length;
  return v.optional(v.pipe(v.array(item), v.check(areDifferent, 'must not name one twice')), []);
}

/** As AWS takes ids of Slack's: capital letters and digits. */
function slackId(what: string, example: string) {
  return v.pipe(
    v.string(),
    v.regex(
      /^[0-9A-Z]{1,255}$/,
      `must be the id of the ${what}, such as "${example}", not its name`,
    ),
  );
}

/** Who hears of alarms, and where their articles stand. */
export const alarmsConfig = v.strictObject({
  email: listOf(address),
  https: listOf(endpoint),
  slack: v.optional(
    v.strictObject({
      workspaceId: slackId('workspace', 'T012ABCDE'),
      channelId: slackId('channel', 'C012ABCDE'),
    }),
  ),
  runbook: v.optional(endpoint),
});
