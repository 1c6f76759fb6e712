import { hash } from './random.ts';

type Members = Record<string, unknown>;

/** The `opts` of v2: what is in the answer only when asked for. */
export const THREAD_OPTIONS = [
  'attachment_details',
  'model_parameters',
  'annotation_details',
  'submissions',
] as const;

export interface ThreadOptions {
  readonly opts: readonly string[];
  /** Signed URLs are new in each answer. */
  readonly now: number;
}

/** What a GenAI task gets when it is completed with nothing but an answer; the form is that of the v2 page. */
export function defaultThreads(
  taskId: string,
  prompt: string,
  answer: string,
  at: string,
): Members[] {
  const image = {
    scale_url: `scaledata://simulator/${taskId}`,
    mime_type: 'image/png',
    url: `https://attachments.example/${taskId}.png`,
    name: `${taskId}.png`,
    file_size_in_bytes: 340_714,
  };
  const messages = [
    {
      content: { text: prompt, attachments: [image] },
      role: 'user',
      source_id: 'user',
      annotations: [],
    },
    modelMessage('base_model', 'scale-gpt-1.5-turbo', answer, 3),
    modelMessage('test_model', 'scale-gpt-2.0', `${answer}, or so`, 2),
  ];
  const annotations = [
    annotation('selected_model_id', 'base_model'),
    annotation('likert_value', 2),
  ];
  return [
    {
      id: 'thread_0',
      turns: [{ id: 'turn_0', messages, annotations }],
      annotations: [],
      submissions: [{ submitted_at: at, contributor_id: 'contributor_1' }],
    },
  ];
}

function modelMessage(source: string, model: string, text: string, rating: number): Members {
  return {
    content: { text },
    role: 'assistant',
    source_id: source,
    model_parameters: { model, temperature: 0.9, max_completion_tokens: 2048 },
    annotations: [annotation('instruction_following', rating), annotation('overall', rating)],
  };
}

function annotation(key: string, value: number | string): Members {
  const type = typeof value === 'number' ? 'integer' : 'category';
  const details = { id: `an_${hash(key).toString(36)}`, type, title: key.replaceAll('_', ' ') };
  return { ...details, key, value, ...(type === 'integer' && { possible_values: [1, 2, 3] }) };
}

/** A v1 response as a thread: its members as annotations. */
export function answerThread(prompt: string, response: Members, text: string | undefined): Members {
  const messages: Members[] = [
    { content: { text: prompt }, role: 'user', source_id: 'user', annotations: [] },
  ];
  if (text !== undefined) {
    messages.push({
      content: { text },
      role: 'assistant',
      source_id: 'base_model',
      annotations: [],
    });
  }
  const annotations = Object.entries(response).map(([key, value]) => ({ key, value }));
  return { id: 'thread_0', turns: [{ id: 'turn_0', messages, annotations: [] }], annotations };
}

/** Threads as a v1 `responses` list, after the example of docs.genai.scale.com/v1/task. */
export function promptsAndAnswers(threads: readonly unknown[]): Members[] {
  return threads
    .flatMap((thread) => list(thread, 'turns'))
    .flatMap((turn) => list(turn, 'messages'))
    .filter(isObject)
    .map(({ role, content, source_id, annotations }) => ({
      type: role === 'user' ? 'PromptInput' : 'ModelResponse',
      output: isObject(content) ? content['text'] : '',
      ...(role !== 'user' && { source_id, annotations }),
    }));
}

function list(value: unknown, key: string): readonly unknown[] {
  const found = isObject(value) ? value[key] : undefined;
  return Array.isArray(found) ? found : [];
}

/**
 * Threads with what `opts` asks for, and without the rest. (The example of the v2 page shows
 * `model_parameters` though its request does not ask; the parameter's own text decides here.)
 */
export function withOptions(threads: readonly unknown[], options: ThreadOptions): unknown[] {
  return threads.map((thread) => pick(thread, options));
}

function pick(value: unknown, options: ThreadOptions): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => pick(one, options));
  if (!isObject(value)) return value;
  const has = (option: (typeof THREAD_OPTIONS)[number]) => options.opts.includes(option);
  const kept = Object.entries(value).flatMap(([key, member]): [string, unknown][] => {
    if (key === 'model_parameters') return has('model_parameters') ? [[key, member]] : [];
    if (key === 'submissions') return has('submissions') ? [[key, member]] : [];
    if (key === 'annotations' && Array.isArray(member)) {
      return [[key, has('annotation_details') ? member : member.map(keyAndValue)]];
    }
    if (key === 'attachments' && Array.isArray(member)) {
      return [[key, member.map(has('attachment_details') ? signed(options.now) : onlyReference)]];
    }
    return [[key, pick(member, options)]];
  });
  return Object.fromEntries(kept);
}

function keyAndValue(one: unknown): unknown {
  return isObject(one) ? { key: one['key'], value: one['value'] } : one;
}

function onlyReference(one: unknown): unknown {
  return isObject(one) && 'scale_url' in one ? { scale_url: one['scale_url'] } : one;
}

/** A fresh signature in each answer; that URLs are signed is an assumption. */
function signed(now: number): (one: unknown) => unknown {
  return (one) => {
    if (!isObject(one) || typeof one['url'] !== 'string') return one;
    const query = `X-Amz-Expires=3600&X-Amz-Signature=${hash(`${one['url']}${now}`).toString(16)}`;
    return { ...one, url: `${one['url']}?${query}` };
  };
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
