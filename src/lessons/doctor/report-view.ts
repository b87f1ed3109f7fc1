import { type Colour, escapeHtml, QUIET, segmentsHtml, tint } from '../../display/html.js';
import { displayWidth } from '../../display/table-text.js';
import { visible } from '../../display/visible.js';
import type { DoctorCheck, DoctorReport, DoctorVerdict } from './report.js';

interface Look {
  /** In a terminal. */
  readonly mark: string;
  /** In a notebook. */
  readonly sign: string;
  readonly words: string;
  readonly colour: Colour;
}

const LOOKS: Readonly<Record<DoctorVerdict, Look>> = {
  fine: { mark: 'ok', sign: '✓', words: 'fine', colour: 'good' },
  note: { mark: ' i', sign: 'i', words: 'works, but', colour: 'warning' },
  absent: { mark: '--', sign: '–', words: 'optional, not there', colour: 'stopped' },
  mend: { mark: '!!', sign: '✕', words: 'to be mended', colour: 'error' },
};

/** `2 things to mend`, or that there are none. */
function summary({ checks }: DoctorReport): string {
  const count = checks.filter(({ verdict }) => verdict === 'mend').length;
  if (count === 0) return 'Nothing has to be mended';
  return `${count} ${count === 1 ? 'thing has' : 'things have'} to be mended`;
}

function title(report: DoctorReport): string {
  const { streambook, platform, tookMs } = report;
  return `streambook ${streambook} on ${platform}, looked at in ${(tookMs / 1000).toFixed(1)} s`;
}

function groups(checks: readonly DoctorCheck[]): [name: string, checks: DoctorCheck[]][] {
  const result = new Map<string, DoctorCheck[]>();
  for (const check of checks) result.set(check.group, [...(result.get(check.group) ?? []), check]);
  return [...result];
}

/** For a terminal: a line each, with what to do below it. */
export function reportText(report: DoctorReport): string {
  const names = Math.max(0, ...report.checks.map(({ name }) => displayWidth(name)));
  const versions = Math.max(0, ...report.checks.map(({ version = '' }) => displayWidth(version)));
  const lines = [`${summary(report)}. ${title(report)}`];
  for (const [name, checks] of groups(report.checks)) {
    lines.push('', name);
    for (const check of checks) {
      const { mark } = LOOKS[check.verdict];
      const said = `  ${mark}  ${padded(check.name, names)}  ${padded(check.version ?? '', versions)}  ${check.detail ?? ''}`;
      lines.push(said.trimEnd());
      if (check.mend !== undefined) lines.push(`${' '.repeat(names + 8)}${check.mend}`);
    }
  }
  return lines.join('\n');
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

const TOP = 'text-align:left;vertical-align:baseline;';

/** For a notebook: a table without scripts in JupyterLab's colours, which is still read where they are gone. */
export function reportHtml(report: DoctorReport): string {
  const body = groups(report.checks).map(
    ([name, checks]) =>
      `<tbody><tr><th scope="rowgroup" colspan="4" style="${TOP}padding-top:.9em;font-weight:600;">${escapeHtml(name)}</th></tr>${checks.map(rowHtml).join('')}</tbody>`,
  );
  const colour: Colour = report.ok ? 'good' : 'error';
  const head = `<caption style="caption-side:top;text-align:left;padding:0 .5em .2em;${tint('color', 'text')}"><span style="font-weight:600;font-size:1.1em;border-left:3px solid;${tint('border-left-color', colour)}padding-left:.6em;">${summary(report)}</span> <span style="${QUIET}">${escapeHtml(title(report))}</span></caption>`;
  return `<div style="margin:.25em 0 .5em;overflow-x:auto;"><table style="margin:0;max-width:64em;table-layout:auto;">${head}${body.join('')}</table></div>`;
}

function rowHtml({ name, verdict, version = '', detail = '', mend }: DoctorCheck): string {
  const { sign, words, colour } = LOOKS[verdict];
  const mark = `<span role="img" aria-label="${words}" title="${words}" style="font-weight:600;padding-left:.5em;border-left:3px solid;${tint('border-left-color', colour)}">${sign}</span>`;
  const todo = mend === undefined ? '' : `<div style="${verdict === 'mend' ? '' : QUIET}">${codeHtml(mend)}</div>`;
  const said = `<div>${segmentsHtml(visible(detail))}</div>${todo}`;
  return `<tr><td style="${TOP}width:1.6em;white-space:nowrap;">${mark}</td>${shortCell(name)}${shortCell(version)}<td style="${TOP}min-width:20em;overflow-wrap:break-word;">${said}</td></tr>`;
}

/** A name or a version is one short line; what somebody else calls a version may be anything. */
function shortCell(text: string): string {
  const breaking = text.length <= 24 ? 'white-space:nowrap;' : 'max-width:12em;overflow-wrap:anywhere;';
  return `<td style="${TOP}${breaking}font-variant-numeric:tabular-nums;">${segmentsHtml(visible(text))}</td>`;
}

/** A sentence in which commands stand between backticks. */
function codeHtml(text: string): string {
  return text
    .split('`')
    .map((part, i) => {
      // A space at an end would be marked as though the whole text ended there.
      const [, before = '', inner = '', after = ''] = /^( *)(.*?)( *)$/s.exec(part) ?? [];
      const html = before + segmentsHtml(visible(inner)) + after;
      return i % 2 === 0 ? html : `<code style="font-size:.95em;white-space:pre-wrap;">${html}</code>`;
    })
    .join('');
}
