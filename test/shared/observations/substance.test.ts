import { substanceOf } from '../../../shared/observations/substance.ts';
import { aV1Task, aV2Task, fixture } from '../../support/builders.ts';

const substance = (task: object): string => substanceOf(JSON.stringify(task));
const withUrl = (url: string): object => ({ response: { annotations: { url } } });
const withAttachment = (url: string): object => ({ params: { attachments: [{ url }] } });

describe('stays the same', () => {
  it.each([
    ['updated_at', '2027-01-01T00:00:00.000Z'],
    ['project', 'Renamed'],
    ['project', { id: 'project_1', name: 'Renamed', types: ['SFT'] }],
    ['projectId', 'project_2'],
    ['batch', { id: 'batch_1', status: 'completed' }],
    ['postProcessingResults', { steps: [1] }],
    ['processed_attachments', [{}]],
    ['isProcessed', true],
    ['callback_url', 'https://example.com/elsewhere'],
    ['callback_completed', true],
    ['callback_succeeded_at', '2027-01-01T00:00:00.000Z'],
  ])('when %s becomes %j', (name, value) => {
    expect(substance(aV1Task({ [name]: value }))).toBe(substance(aV1Task()));
    expect(substance(aV1Task({ [name]: value }))).toBe(substance(aV1Task({ [name]: undefined })));
  });

  it('when a pre-signed URL is signed anew', () => {
    const signed = (signature: string): object =>
      aV1Task(withUrl(`https://example.com/x.json?X-Amz-Signature=${signature}`));
    expect(substance(signed('a'))).toBe(substance(signed('b')));
  });

  it('when the query of an attachment changes', () => {
    const attached = (query: string): object =>
      aV1Task(withAttachment(`https://example.com/x.png?${query}`));
    expect(substance(attached('token=a'))).toBe(substance(attached('token=b')));
  });

  it('when a real task is only indented and ordered anew', () => {
    const text = fixture('samples', 'v2-task-expanded-opts.json');
    const members = Object.entries(JSON.parse(text) as object).reverse();
    expect(substance(Object.fromEntries(members) as object)).toBe(substanceOf(text));
  });

  it('whether the projects and batches of a v2 task are expanded or not', () => {
    expect(substance(aV2Task({ project: 'project_1', batch: 'batch_1' }))).toBe(
      substance(aV2Task()),
    );
  });
});

describe('changes', () => {
  it.each([
    ['status', 'pending'],
    ['completed_at', '2026-11-21T11:00:00.001Z'],
    ['response', { category: 'bus' }],
    ['customer_review_status', 'fixed'],
    ['audits', [{ audited_at: '2026-11-21T12:00:00.000Z' }]],
    ['tags', ['night']],
    ['a_member_of_tomorrow', 0],
  ])('when %s becomes %j', (name, value) => {
    expect(substance(aV1Task({ [name]: value }))).not.toBe(substance(aV1Task()));
  });

  it('when a digit beyond 2^53 does', () => {
    const task = (id: string): string => `{"task_id":"task-1","response":{"id":${id}}}`;
    expect(substanceOf(task('9007199254740993'))).not.toBe(substanceOf(task('9007199254740992')));
  });

  it('when a member changes that is left out only in the task itself', () => {
    for (const name of ['updated_at', 'project', 'callback_url']) {
      expect(substance(aV1Task({ response: { [name]: 'a' } }))).not.toBe(
        substance(aV1Task({ response: { [name]: 'b' } })),
      );
    }
  });

  it('when the path of a pre-signed URL does', () => {
    const at = (path: string): object =>
      aV1Task(withUrl(`https://example.com/${path}?X-Amz-Signature=a`));
    expect(substance(at('x.json'))).not.toBe(substance(at('y.json')));
  });

  it('when the query of a URL that nobody signed does', () => {
    const at = (query: string): object => aV1Task(withUrl(`https://example.com/frame?${query}`));
    expect(substance(at('index=1'))).not.toBe(substance(at('index=2')));
  });

  it("when anything in the customer's metadata does, even what looks like a signature", () => {
    const noted = (url: string): object => aV1Task({ metadata: { attachment: url } });
    expect(substance(noted('https://example.com/?sig=a'))).not.toBe(
      substance(noted('https://example.com/?sig=b')),
    );
  });

  it('not when a signature changes in a member that is only called metadata', () => {
    const noted = (url: string): object => aV1Task({ response: { metadata: { attachment: url } } });
    expect(substance(noted('https://example.com/?sig=a'))).toBe(
      substance(noted('https://example.com/?sig=b')),
    );
  });
});
