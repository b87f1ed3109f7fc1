import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { notebooks } from './files.js';

const english = notebooks('en');
const chinese = new Map(notebooks('zh').map((each) => [each.name, each]));

/** The tokens of a cell: comments and spaces are gone, texts are alike. */
function tokens(source: string): string[] {
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(file);
    if (isText(node)) found.push('TEXT');
    else if (children.length === 0) found.push(node.getText(file));
    else for (const child of children) visit(child);
  };
  visit(file);
  return found.filter((token) => token !== '');
}

function isText(node: ts.Node): boolean {
  return (
    ts.isStringLiteralLike(node) ||
    [ts.SyntaxKind.TemplateHead, ts.SyntaxKind.TemplateMiddle, ts.SyntaxKind.TemplateTail].includes(node.kind)
  );
}

test('the comparison sees code, and neither comments nor texts', () => {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: this is the text of a program
  const one = "const a = `x ${b} y`; // twice\nshow('rows', 2);";
  expect(tokens(one)).toEqual(tokens("/* 两次 */ const a = `甲 ${b} 乙`;\nshow('行', 2);"));
  expect(tokens(one)).not.toEqual(tokens(one.replace('2)', '3)')));
  expect(tokens(one)).not.toEqual(tokens(one.replace('${b}', '${c}')));
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: this was the text of a program
});

test('both languages have the same notebooks', () => {
  expect([...chinese.keys()]).toEqual(english.map((each) => each.name));
});

describe.each(english.map((each) => [each.name, each] as const))('%s', (name, notebook) => {
  const twin = chinese.get(name);

  test.runIf(twin !== undefined)('has the same cells in Chinese: ids, kinds, tags, slides', () => {
    const shape = (cells: typeof notebook.cells) =>
      cells.map(({ id, kind, tags, slide }) => `${id} ${kind} ${tags.join(',')} ${slide ?? ''}`);
    expect(shape(twin!.cells)).toEqual(shape(notebook.cells));
  });

  test.runIf(twin !== undefined)('has the same code in Chinese, but for comments and texts', () => {
    for (const [index, cell] of notebook.cells.entries()) {
      if (cell.kind !== 'code') continue;
      expect(tokens(twin!.cells[index]?.source ?? ''), `cell ${cell.id}`).toEqual(tokens(cell.source));
    }
  });

  test.runIf(twin !== undefined)('is Chinese in Chinese, and says something in every cell', () => {
    for (const [index, cell] of notebook.cells.entries()) {
      if (cell.kind !== 'markdown') continue;
      const other = twin!.cells[index]?.source ?? '';
      // Links and code are the same in both; of what is left most must be Chinese characters.
      const prose = other.replace(/```[\s\S]*?```|`[^`]*`|\]\([^)]*\)|<[^>]*>/g, '');
      expect(prose, `cell ${cell.id}`).toMatch(/\p{Script=Han}/u);
      expect(cell.source.replace(/```[\s\S]*?```|`[^`]*`/g, '').trim(), `cell ${cell.id}`).not.toBe('');
    }
  });
});
