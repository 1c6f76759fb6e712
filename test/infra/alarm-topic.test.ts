import {
  type PlacedResource,
  resourceAt,
  resourcesOf,
  synthesizedTemplate,
} from '../support/mirror-template.ts';

// Loading CDK takes seconds where other tests run beside.
jest.setTimeout(60_000);

const of = (config: object, type: string): PlacedResource['properties'][] =>
  resourcesOf(synthesizedTemplate(config))
    .filter((resource) => resource.type === type)
    .map(({ properties }) => properties);

test('all alarms have one topic, and nobody hears of it unless he is configured', () => {
  expect(of({}, 'AWS::SNS::Topic')).toHaveLength(1);
  expect(of({}, 'AWS::SNS::Subscription')).toEqual([]);
  expect(of({}, 'AWS::Chatbot::SlackChannelConfiguration')).toEqual([]);
});

test('CloudWatch may publish to it for this account, and nobody without TLS', () => {
  const template = synthesizedTemplate();
  const topic = { Ref: resourceAt(template, 'Alarms/AlarmTopic/Topic').logicalId };

  expect(resourceAt(template, 'Alarms/AlarmTopic/Topic/Policy').properties).toMatchObject({
    Topics: [topic],
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 'sns:Publish',
          Resource: topic,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
        {
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: topic,
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    },
  });
  // With AWS's managed key CloudWatch could not publish; one of our own would cost a dollar a month.
  expect(resourceAt(template, 'Alarms/AlarmTopic/Topic').properties).not.toHaveProperty(
    'KmsMasterKeyId',
  );
});

test('who is configured is told, by e-mail and by HTTPS', () => {
  const alarms = {
    email: ['nights@example.com', 'days@example.com'],
    https: ['https://pager.example.com/in?key=1'],
  };

  expect(of({ alarms }, 'AWS::SNS::Subscription')).toMatchObject([
    { Protocol: 'email', Endpoint: 'nights@example.com' },
    { Protocol: 'email', Endpoint: 'days@example.com' },
    { Protocol: 'https', Endpoint: 'https://pager.example.com/in?key=1' },
  ]);
});

test('a Slack channel is told, and can do nothing here', () => {
  const template = synthesizedTemplate({
    alarms: { slack: { workspaceId: 'T012ABCDE', channelId: 'C012ABCDE' } },
  });

  expect(resourceAt(template, 'Alarms/AlarmTopic/Slack').properties).toMatchObject({
    SlackWorkspaceId: 'T012ABCDE',
    SlackChannelId: 'C012ABCDE',
    SnsTopicArns: [{ Ref: resourceAt(template, 'Alarms/AlarmTopic/Topic').logicalId }],
    GuardrailPolicies: [
      {
        'Fn::Join': [
          '',
          ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/CloudWatchReadOnlyAccess'],
        ],
      },
    ],
  });
  const { logicalId, properties } = resourceAt(
    template,
    'Alarms/AlarmTopic/Slack/ConfigurationRole',
  );
  expect(properties).not.toHaveProperty('ManagedPolicyArns');
  expect(properties).not.toHaveProperty('Policies');
  const policies = resourcesOf(template).filter(({ type }) => type === 'AWS::IAM::Policy');
  expect(policies.filter((policy) => JSON.stringify(policy).includes(logicalId))).toEqual([]);
});
