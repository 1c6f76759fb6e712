/**
 * Stands in the bundles in place of `@smithy/core/event-streams`, which the SDK imports when it is called for an operation that
 * streams events. None is called here. The import alone would cost: it is dynamic, and esbuild then wraps all modules that both
 * sides use, and drops nothing of them.
 */
export function EventStreamSerde(): never {
  throw new Error('operations that stream events are not in this bundle');
}

/** The client of S3 asks for one when it is made, not only by the operations that use it. */
export function eventStreamSerdeProvider(): never {
  return EventStreamSerde();
}

export function resolveEventStreamSerdeConfig<Config>(config: Config): Config {
  return config;
}
