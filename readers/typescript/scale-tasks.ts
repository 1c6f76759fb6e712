/**
 * Tasks as the vendor's pages describe them. Nothing is checked when a document is read: Scale adds members and values without
 * notice, so every member but the id may be absent, and `unknown` ones are kept.
 */

/** A task of the v1 API, and of callbacks: https://scale.com/docs/api-reference/tasks. */
export interface V1Task<N = number> {
  readonly task_id: string;
  /** `pending`, `completed`, `canceled`, `error`, or a newer one. */
  readonly status?: string;
  readonly type?: string;
  readonly created_at?: string;
  readonly updated_at?: string;
  readonly completed_at?: string;
  readonly instruction?: string;
  /** What was asked; depends on `type`. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** What was answered; depends on `type`. `{error, …}` where the task has failed. */
  readonly response?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Names. */
  readonly project?: string;
  readonly batch?: string;
  readonly projectId?: string;
  readonly unique_id?: string;
  readonly tags?: readonly string[];
  readonly is_test?: boolean;
  readonly urgency?: string;
  readonly priority?: N;
  readonly callback_url?: string;
  readonly callback_succeeded?: boolean;
  readonly callback_completed?: boolean;
  readonly audits?: readonly V1Audit<N>[];
  readonly customer_review_status?: string;
  readonly customer_review_comments?: readonly unknown[];
  readonly customer_audited_at?: string;
  /** One for each fix. */
  readonly prior_responses?: readonly unknown[];
  readonly [member: string]: unknown;
}

export interface V1Audit<N = number> {
  readonly audited_by?: string;
  readonly audited_at?: string;
  readonly audit_time_secs?: N;
  readonly [member: string]: unknown;
}

/** A task of the v2 API: https://docs.genai.scale.com/api-reference/v2/tasks. */
export interface V2Task<N = number> {
  readonly task_id: string;
  /** An id, or all of it where it was read expanded, as backfill does. */
  readonly project?: string | V2Entity;
  readonly batch?: string | V2Entity;
  readonly status?: string;
  readonly created_at?: string;
  readonly completed_at?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Empty until the task is completed, absent where it was reported as sensitive. */
  readonly threads?: readonly V2Thread<N>[];
  readonly errors?: readonly { readonly type?: string; readonly message?: string }[];
  readonly sensitive_content_reports?: readonly unknown[];
  readonly [member: string]: unknown;
}

export interface V2Entity {
  readonly id?: string;
  readonly name?: string;
  readonly [member: string]: unknown;
}

export interface V2Thread<N = number> {
  readonly id?: string;
  readonly turns?: readonly V2Turn<N>[];
  readonly annotations?: readonly V2Annotation[];
  readonly [member: string]: unknown;
}

export interface V2Turn<N = number> {
  readonly id?: string;
  readonly messages?: readonly V2Message<N>[];
  readonly annotations?: readonly V2Annotation[];
  readonly [member: string]: unknown;
}

export interface V2Message<N = number> {
  /** `system`, `user`, `assistant`, `function`. */
  readonly role?: string;
  readonly source_id?: string;
  readonly content?: V2Content<N>;
  readonly model_parameters?: V2ModelParameters<N>;
  readonly annotations?: readonly V2Annotation[];
  readonly [member: string]: unknown;
}

export interface V2Content<N = number> {
  readonly text?: string;
  readonly attachments?: readonly V2Attachment<N>[];
  readonly [member: string]: unknown;
}

export interface V2Attachment<N = number> {
  readonly name?: string;
  readonly url?: string;
  readonly scale_url?: string;
  readonly mime_type?: string;
  readonly file_size_in_bytes?: N;
  readonly [member: string]: unknown;
}

export interface V2ModelParameters<N = number> {
  readonly model?: string;
  readonly temperature?: N;
  readonly max_completion_tokens?: N;
  readonly [member: string]: unknown;
}

export interface V2Annotation {
  readonly id?: string;
  readonly key?: string;
  /** `integer`, `boolean`, `text`, `category` and others; absent where no details were asked for. */
  readonly type?: string;
  readonly title?: string;
  /** By its type. */
  readonly value?: unknown;
  readonly [member: string]: unknown;
}
