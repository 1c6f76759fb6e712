/** An account at Scale with one project. */
export interface Account {
  readonly scaleUrl: string;
  readonly apiKey: string;
  readonly project: string;
}
