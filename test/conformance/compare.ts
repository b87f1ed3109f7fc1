import type { CaseResult, DataStreamCase, Json } from './cases.js';

const OUTPUTS = ['main', 'late', 'side'] as const;

/** A number for all spellings of it, lists as they are. */
function canonical(value: Json, anyOrder: boolean): string {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item, anyOrder));
    return `[${items.join(',')}]`;
  }
  return JSON.stringify(value);
}

/** A row; with `valuesOrder: any` the lists inside it are compared as multisets. */
function row(value: Json, anyOrder: boolean): string {
  if (!anyOrder || !Array.isArray(value)) return canonical(value, false);
  const items = value.map((item) =>
    Array.isArray(item)
      ? `{${item
          .map((inner) => canonical(inner, false))
          .sort()
          .join(',')}}`
      : canonical(item, false),
  );
  return `[${items.join(',')}]`;
}

function rows(result: CaseResult, output: (typeof OUTPUTS)[number], kase: DataStreamCase): string[] {
  const values = result[output] ?? [];
  const timestamps = result[`${output}Ts`] ?? [];
  const lines = values.map((value, i) => ({
    ts: JSON.stringify(timestamps[i] ?? null),
    text: row(value, kase.valuesOrder === 'any'),
  }));
  if (kase.order === 'ties') {
    // The mutual order of outputs with one timestamp is an accident of Flink's timer heap.
    let begin = 0;
    for (let i = 1; i <= lines.length; i++) {
      if (i < lines.length && lines[i]?.ts === lines[begin]?.ts) continue;
      const run = lines.slice(begin, i).sort((a, b) => (a.text < b.text ? -1 : 1));
      lines.splice(begin, run.length, ...run);
      begin = i;
    }
  }
  return lines.map((line) => `${line.text} @${line.ts}`);
}

/** Whether two results are the same, by the rules of the case. */
export function sameResult(kase: DataStreamCase, expected: CaseResult, got: CaseResult): boolean {
  if (expected.error !== undefined || got.error !== undefined) {
    return expected.error !== undefined && got.error !== undefined;
  }
  return OUTPUTS.every((output) => {
    const want = rows(expected, output, kase);
    const have = rows(got, output, kase);
    return want.length === have.length && want.every((line, i) => line === have[i]);
  });
}
