import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

import { type Listening, listen } from '../../local/listen.ts';

export interface CloudFormationServer extends Listening {
  /** Outputs by the name of the stack. */
  readonly stacks: Map<string, Record<string, string>>;
  /** The access key and region of every request, as its signature names them. */
  readonly callers: string[];
}

/** CloudFormation's DescribeStacks on loopback, as its API reference has it. */
export async function startCloudFormation(): Promise<CloudFormationServer> {
  const stacks: CloudFormationServer['stacks'] = new Map();
  const callers: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const [, key, region] =
        /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
      callers.push(`${key ?? '-'} ${region ?? '-'}`);
      const name = new URLSearchParams(await text(request)).get('StackName') ?? '';
      const outputs = stacks.get(name);
      response.writeHead(outputs === undefined ? 400 : 200, { 'content-type': 'text/xml' });
      response.end(outputs === undefined ? missing(name) : described(name, outputs));
    })();
  });
  return { ...(await listen(server, 0, 'none')), stacks, callers };
}

function described(name: string, outputs: Record<string, string>): string {
  const members = Object.entries(outputs).map(
    ([key, value]) =>
      `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
    <DescribeStacksResult><Stacks><member><StackName>${name}</StackName>
    <CreationTime>2026-11-21T10:00:00.000Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>
    <Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult>
    </DescribeStacksResponse>`;
}

function missing(name: string): string {
  return `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error>
    <Type>Sender</Type><Code>ValidationError</Code>
    <Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`;
}
