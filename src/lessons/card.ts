import type { MimeBundle } from '../core/display.js';
import { type Colour, escapeHtml, QUIET, textHtml, tint } from '../display/html.js';
import { say, type Text } from './language.js';
import { printed } from './printed.js';
import type { Evidence } from './verdict.js';

/** Beside HTML and text, what programs read: the verdict. */
export const checkMime = 'application/vnd.streambook.check+json';

const mono = 'font-family:monospace;font-family:var(--jp-code-font-family,monospace);';

/** Text with its `` `code` `` set as code and its `*words*` stressed; everything else is escaped. */
export function inline(text: string): string {
  return text
    .split(/(`[^`\n]+`)/)
    .map((part) => (/^`[^`]+`$/.test(part) ? `<code>${escapeHtml(part.slice(1, -1))}</code>` : stressed(part)))
    .join('');
}

/** An asterisk inside a word or a number is none that stresses: `2*3*4`. */
function stressed(text: string): string {
  return textHtml(text).replace(/(?<![\w*])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])/g, '<em>$1</em>');
}

function frame(colour: Colour, heading: string, body: string): string {
  return `<div style="border-left:4px solid;${tint('border-left-color', colour)}padding:.2em .9em .3em;margin:.25em 0 .5em;max-width:52em;font-size:var(--jp-ui-font-size1,13px);font-family:var(--jp-ui-font-family,sans-serif);line-height:1.5;${tint('color', 'text')}"><div style="font-weight:600;">${heading}</div>${body}</div>`;
}

function codeBlock(code: string): string {
  return `<pre style="${mono}white-space:pre-wrap;overflow-wrap:anywhere;margin:.4em 0;">${escapeHtml(code)}</pre>`;
}

const words = {
  right: { en: 'Right', zh: '正确' },
  notYet: { en: 'Not yet', zh: '还不对' },
  given: { en: 'given', zh: '输入' },
  expected: { en: 'expected', zh: '应得' },
  got: { en: 'got', zh: '实得' },
  solution: { en: 'Solution', zh: '答案' },
} as const;

function evidenceLines(evidence: Evidence): (readonly [string, string])[] {
  return (['given', 'expected', 'got'] as const)
    .filter((key) => key in evidence)
    .map((key) => [say(words[key]), printed(evidence[key])] as const);
}

function evidenceHtml(evidence: Evidence): string {
  const rows = evidenceLines(evidence).map(
    ([name, value]) =>
      `<tr style="background:none;"><td style="text-align:left;vertical-align:top;padding:.1em 1em .1em 0;${QUIET}">${escapeHtml(name)}</td><td style="text-align:left;${mono}white-space:pre-wrap;overflow-wrap:anywhere;padding:.1em 0;">${textHtml(value)}</td></tr>`,
  );
  return rows.length === 0 ? '' : `<table style="margin:.3em 0;border:0;"><tbody>${rows.join('')}</tbody></table>`;
}

export function hintTitle(number: number, of: number): string {
  return say({ en: `Hint ${number} of ${of}`, zh: `提示 ${number}/${of}` });
}

/** One hint inside the other: a reader opens as many as needed. */
function ladder(hints: readonly Text[], id: string): string {
  const last = say({
    en: `That was the last one. \`await solution('${id}')\` shows an answer.`,
    zh: `没有更多提示了。\`await solution('${id}')\` 可以看答案。`,
  });
  let inner = `<div style="${QUIET}">${inline(last)}</div>`;
  for (let index = hints.length - 1; index >= 0; index--) {
    inner = `<details style="margin:.3em 0 0 .2em;"><summary style="cursor:pointer;">${escapeHtml(hintTitle(index + 1, hints.length))}</summary><div style="margin:.2em 0 .2em 1em;">${inline(say(hints[index]!))}${inner}</div></details>`;
  }
  return inner;
}

export interface CheckCard {
  readonly id: string;
  readonly title: Text;
  readonly ok: boolean;
  /** Why it is right, or what is wrong. */
  readonly reason: string;
  readonly evidence: Evidence;
  readonly hints: readonly Text[];
}

export function checkBundle({ id, title, ok, reason, evidence, hints }: CheckCard): MimeBundle {
  const verdict = say(ok ? words.right : words.notYet);
  const heading = `${escapeHtml(verdict)} <span style="font-weight:normal;${QUIET}">${escapeHtml(id)} ${inline(say(title))}</span>`;
  const body = `<div style="overflow-wrap:anywhere;">${inline(reason)}</div>${evidenceHtml(evidence)}`;
  const more = ok ? '' : ladder(hints, id);
  const offer = say({
    en: `hint('${id}') shows the first of ${hints.length} hints`,
    zh: `hint('${id}') 给出 ${hints.length} 条提示中的第一条`,
  });
  const lines = [
    `${verdict} (${id}): ${reason}`,
    ...evidenceLines(evidence).map(([name, value]) => `  ${name}: ${value}`),
    ...(ok ? [] : [`  ${offer}`]),
  ];
  return {
    'text/html': frame(ok ? 'good' : 'warning', heading, body + more),
    'text/plain': lines.join('\n'),
    [checkMime]: { id, ok },
  };
}

export function hintBundle(id: string, title: Text, hints: readonly Text[], shown: number): MimeBundle {
  const rows = hints.slice(0, shown).map((each, index) => [hintTitle(index + 1, hints.length), say(each)] as const);
  const rest =
    shown < hints.length
      ? say({
          en: `\`await hint('${id}')\` once more shows the next one.`,
          zh: `再运行一次 \`await hint('${id}')\` 看下一条。`,
        })
      : say({
          en: `No more hints: \`await solution('${id}')\` shows an answer.`,
          zh: `提示到此为止：\`await solution('${id}')\` 可以看答案。`,
        });
  const html = rows
    .map(([name, text]) => `<div style="margin:.2em 0;"><b>${escapeHtml(name)}.</b> ${inline(text)}</div>`)
    .join('');
  return {
    'text/html': frame(
      'brand',
      `${escapeHtml(id)} ${inline(say(title))}`,
      `${html}<div style="${QUIET}">${inline(rest)}</div>`,
    ),
    'text/plain': [...rows.map(([name, text]) => `${name}: ${text}`), rest].join('\n'),
  };
}

export function solutionBundle(id: string, title: Text, code: string, why: string): MimeBundle {
  const heading = `${escapeHtml(say(words.solution))} <span style="font-weight:normal;${QUIET}">${escapeHtml(id)} ${inline(say(title))}</span>`;
  return {
    'text/html': frame('brand', heading, `${codeBlock(code)}<div>${inline(why)}</div>`),
    'text/plain': `${say(words.solution)} (${id}):\n${code}\n\n${why}`,
  };
}
