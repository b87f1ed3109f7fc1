/** The smallest piece of a statement. */
export interface Token {
  /**
   * What the parser compares: a keyword in upper case, a sign as it is, or one of `<name>`, `<quoted>`, `<string>`,
   * `<prefixed>`, `<unicode>`, `<binary>`, `<integer>`, `<decimal>`, `<double>`, `<collation>`, `<end>`, `<bad>`.
   */
  readonly key: string;
  /** Whether it can be (part of) a name. */
  readonly isName: boolean;
  /** As written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  /** Of a `<bad>` token: what is wrong with it. */
  readonly problem?: { readonly message: string; readonly hint: string; readonly open: Place };
}

export interface Place {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}
