import {
  holdsAttachments,
  isVolatileMember,
  withoutSignature,
} from '../../../shared/observations/volatile.ts';

describe('isVolatileMember', () => {
  it.each([
    'updated_at',
    'project',
    'projectId',
    'batch',
    'postProcessingResults',
    'processed_attachments',
    'isProcessed',
    'callback_url',
    'callback_completed',
    'callback_succeeded',
    'callback_succeeded_at',
  ])('leaves %s out', (name) => {
    expect(isVolatileMember(name)).toBe(true);
  });

  it.each([
    'status',
    'response',
    'completed_at',
    'audits',
    'customer_review_status',
    'callback',
    'Project',
    'constructor',
    '__proto__',
    '',
  ])('keeps %j', (name) => {
    expect(isVolatileMember(name)).toBe(false);
  });
});

describe('holdsAttachments', () => {
  it.each(['attachment', 'attachments', 'attachment_url', 'textAttachment', 'Attachments'])(
    'is so for %s',
    (name) => {
      expect(holdsAttachments(name)).toBe(true);
    },
  );

  it.each(['url', 'attached', ''])('is not so for %j', (name) => {
    expect(holdsAttachments(name)).toBe(false);
  });
});

describe('withoutSignature', () => {
  it.each([
    'https://b.s3.amazonaws.com/x.png?X-Amz-Expires=3600&X-Amz-Signature=abc',
    'https://d111.cloudfront.net/x.png?Expires=1&Signature=abc&Key-Pair-Id=K',
    'https://storage.googleapis.com/b/x.png?X-Goog-Signature=abc',
    'https://a.blob.core.windows.net/c/x.png?sv=2024&sig=abc',
    'HTTP://B.S3.AMAZONAWS.COM/x.png?x-amz-signature=abc',
  ])('leaves out the signed query of %s', (url) => {
    expect(withoutSignature(url, false)).toBe(url.slice(0, url.indexOf('?')));
  });

  it.each([
    'https://example.com/frame?index=7',
    'https://example.com/?designature=abc',
    'https://example.com/?sigma=abc',
    'https://example.com/x.png#?sig=abc',
    'see https://example.com/?sig=abc',
    'ftp://example.com/?sig=abc',
    'is it red or blue?',
    '',
  ])('keeps %j', (value) => {
    expect(withoutSignature(value, false)).toBe(value);
  });

  it('leaves out any query of an attachment', () => {
    expect(withoutSignature('https://example.com/x.png?token=1', true)).toBe(
      'https://example.com/x.png',
    );
  });

  it('keeps an attachment that is a text', () => {
    expect(withoutSignature('tomato? or not', true)).toBe('tomato? or not');
  });
});
