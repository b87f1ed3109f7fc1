import { readFileSync } from 'node:fs';

/** What a real gateway or JobManager of Flink 1.20.3 answered, as text. */
export function fixtureText(name: string): string {
  return readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8');
}

/** The answer that a fixture holds. */
export function answerOf(name: string): { readonly status: number; readonly response: unknown } {
  return JSON.parse(fixtureText(name)) as { status: number; response: unknown };
}

/** The stack trace that a fixture holds. */
export function traceOf(name: string): string {
  const { errors } = answerOf(name).response as { errors: string[] };
  return errors.at(-1) as string;
}
