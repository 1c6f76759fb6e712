/** Variables as `process.env` holds them; only a `config.ts` or `handler.ts` reads the real one. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The value of a variable that must be there; an error names it otherwise. */
export function requireEnv(env: Environment, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') {
    throw new Error(`environment variable ${name} is missing: deploy again, or set it`);
  }
  return value;
}

/** A variable that must be a whole number, zero or more. */
export function requireInteger(env: Environment, name: string): number {
  const value = requireEnv(env, name);
  if (!/^\d+$/.test(value)) {
    throw new Error(`environment variable ${name} must be a whole number, not "${value}"`);
  }
  return Number(value);
}
