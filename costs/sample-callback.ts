import { createRandom } from '../local/simulator/random.ts';

export interface SampleParts {
  /** Numbers the task: equal numbers make equal bytes. */
  readonly number: number;
  /** Of the callback of the completion, about; what an audit adds comes on top. */
  readonly bytes: number;
  /** Makes it a review of the completed task. */
  readonly auditedAt?: number;
  /** Completed once more, after it was taken back. */
  readonly completedAt?: number;
  /** Takes the completion back. */
  readonly isRecalled?: boolean;
}

export interface Sample {
  readonly taskId: string;
  /** The task as `GET /v1/task/{id}` shows it. */
  readonly task: string;
  /** The callback with it. */
  readonly callback: string;
}

const MINUTE_MS = 60_000;
const COMPLETED = Date.parse('2026-11-20T11:00:00.000Z');
const LABELS = ['Traffic lights', 'Car', 'Pedestrian', 'Bicycle', 'Traffic sign'];
const COLOURS = ['Red', 'Yellow', 'Green', 'Cannot tell'];

/** Makes a sample as large as it was asked for; longer than any box takes twice. */
const GUIDANCE =
  ` Boxes go round the housing of a light and not round its pole, touch its outermost pixels and leave no margin. Lights
 that face away, or of which less than a fifth can be seen, get no box. Where glare hides which lamp is on, say that you cannot tell, and
 never guess from the cars around. Lights for trams and bicycles are marked like all others; lamps of shops and of vehicles are not.
 If in doubt look at the frames before and after this one, and leave a comment for the reviewer with what made you decide.`.replaceAll(
    '\n',
    '',
  );

/**
 * An image annotation as the vendor's examples show one, with as many boxes as make it so large. Ids, coordinates and
 * answers are random, so that compression finds what it would find in real tasks: names of members, and little else.
 */
export function sampleCallback(parts: SampleParts): Sample {
  const { number, bytes } = parts;
  const random = createRandom(number, 'sample');
  const hex = (length: number): string =>
    Array.from({ length }, () => random.between(0, 15).toString(16)).join('');
  const taskId = hex(24);
  const box = () => ({
    label: LABELS[random.between(0, LABELS.length - 1)],
    attributes: { traffic_light_status: COLOURS[random.between(0, COLOURS.length - 1)] },
    uuid: [8, 4, 4, 4, 12].map(hex).join('-'),
    left: random.between(0, 3_000),
    top: random.between(0, 2_000),
    height: random.between(8, 400),
    width: random.between(8, 400),
    type: 'box',
  });
  const picture = hex(32);
  const annotations: ReturnType<typeof box>[] = [];
  const make = (made: SampleParts, guidance: string): Sample => {
    const facts = taskFacts(made, { taskId, picture, guidance });
    // The vendor sends the result twice: in the task, and beside it.
    const response = {
      response: { links: [], annotations, global_attributes: {}, is_customer_fix: false },
    };
    const result = made.isRecalled === true ? {} : response;
    const task = { ...facts, ...result };
    const callback = { task_id: taskId, status: facts.status, ...result, task };
    return { taskId, task: JSON.stringify(task), callback: JSON.stringify(callback) };
  };
  let left = bytes - make({ number, bytes }, '').callback.length;
  for (;;) {
    const next = box();
    const more = 2 * (JSON.stringify(next).length + 1);
    if (more > left) break;
    annotations.push(next);
    left -= more;
  }
  left = bytes - make({ number, bytes }, '').callback.length;
  return make(parts, GUIDANCE.slice(0, Math.max(0, left)));
}

function taskFacts(
  { number, auditedAt, completedAt: again, isRecalled = false }: SampleParts,
  { taskId, picture, guidance }: Record<'taskId' | 'picture' | 'guidance', string>,
) {
  const createdAt = COMPLETED + number * (MINUTE_MS + 1) - 73 * MINUTE_MS;
  const completedAt = again ?? COMPLETED + number * MINUTE_MS;
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    task_id: taskId,
    created_at: iso(createdAt),
    customerId: '5f10b47ae6306e05d2300001',
    completed_at: iso(completedAt),
    type: 'imageannotation',
    status: isRecalled ? 'pending' : 'completed',
    instruction: `Draw a box around any traffic lights.${guidance}`,
    params: {
      attachment: `https://example.com/img/${picture}.jpg`,
      attachment_type: 'image',
      annotation_attributes: {
        traffic_light_status: {
          type: 'category',
          description: 'What color is the traffic light?',
          choices: COLOURS,
          allow_multiple: false,
        },
      },
      geometries: {
        box: { objects_to_annotate: LABELS, min_width: 0, min_height: 0, examples: [] },
      },
      with_labels: true,
    },
    is_test: false,
    urgency: 'standard',
    metadata: { frame: number },
    processed_attachments: [],
    project: 'Traffic Light Detection',
    projectId: '60cb720bf95b6d003ba00001',
    batch: '2026-11 night',
    priority: 0,
    taxonomyVersion: '6452f71af688c720a0350001',
    project_param_version: 0,
    updated_at: iso(auditedAt ?? completedAt),
    work_started: true,
    isProcessed: true,
    ...(auditedAt !== undefined && {
      customer_review_status: 'accepted',
      customer_audited_at: iso(auditedAt),
      audits: [
        {
          audited_by: 'auditor@example.com',
          audited_at: iso(auditedAt),
          audit_time_secs: 120,
          audit_result: 'accepted',
          audit_source: 'customer',
        },
      ],
    }),
  };
}
