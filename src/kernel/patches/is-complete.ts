import type { Tslab } from '../tslab.js';

/**
 * Whether a console should run the text or let the user type on. tslab recognises open brackets (and an empty last line
 * as the wish to run); an open template string or comment it takes for complete.
 */
export function isComplete(
  tslab: Tslab,
  source: string,
): { status: 'complete' } | { status: 'incomplete'; indent: string } {
  if (endsInsideTemplateOrComment(tslab, source)) return { status: 'incomplete', indent: '' };
  const { completed, indent } = tslab.isCompleteCode(source);
  return completed ? { status: 'complete' } : { status: 'incomplete', indent: indent ?? '' };
}

function endsInsideTemplateOrComment({ typescript }: Tslab, source: string): boolean {
  const file = typescript.createSourceFile('cell.tsx', source, typescript.ScriptTarget.ES2022, true);
  // Not public: what the parser complained about. 1160: unterminated template literal. 1010: '*/' expected.
  const { parseDiagnostics } = file as unknown as { parseDiagnostics?: readonly { readonly code: number }[] };
  return (parseDiagnostics ?? []).some(({ code }) => code === 1160 || code === 1010);
}
