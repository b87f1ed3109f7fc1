import type ts from 'typescript';
import type { TypeScript } from '../tslab.js';

/** A name a cell declares: the text that declares it, and whether it has a value when the cell has run. */
interface Declaration {
  text: string;
  hasValue: boolean;
}

/**
 * What is declared after a cell that failed or was interrupted half-way. tslab forgets all names of such a cell, though
 * the lines before the failing one have run. As in Python: what has got its value stays, the rest is as it was before.
 *
 * @param before the declarations before the cell, `after` those it would have left, as text of `.d.ts` files
 * @param defined whether the cell has given this name a value
 */
export function declarationsAfterFailure(
  typescript: TypeScript,
  before: string,
  after: string,
  defined: (name: string) => boolean,
): string {
  const old = declarationsByName(typescript, before);
  const result: string[] = after.match(/^\/\/\/ <reference.*$/gm) ?? [];
  for (const [name, declaration] of declarationsByName(typescript, after)) {
    if (!declaration.hasValue || defined(name)) result.push(declaration.text);
    else if (old.has(name)) result.push(old.get(name)!.text);
  }
  return `${[...new Set(result)].join('\n')}\n`;
}

function declarationsByName(typescript: TypeScript, text: string): Map<string, Declaration> {
  const file = typescript.createSourceFile('declarations.d.ts', text, typescript.ScriptTarget.ES2022, true);
  const found = new Map<string, Declaration>();
  const add = (name: string, declared: string, hasValue: boolean): void => {
    const known = found.get(name);
    // Overloads, merged interfaces, a type and a value of one name.
    if (known !== undefined) {
      known.text += `\n${declared}`;
      known.hasValue ||= hasValue;
    } else found.set(name, { text: declared, hasValue });
  };
  for (const statement of file.statements) {
    if (typescript.isVariableStatement(statement)) {
      const keyword = /\b(const|let|var)\b/.exec(statement.getText(file))?.[1] ?? 'let';
      for (const declaration of statement.declarationList.declarations)
        add(declaration.name.getText(file), `declare ${keyword} ${declaration.getText(file)};`, true);
    } else if (typescript.isImportDeclaration(statement)) addImports(typescript, file, statement, add);
    else if ('name' in statement && statement.name !== undefined) {
      const isType = typescript.isInterfaceDeclaration(statement) || typescript.isTypeAliasDeclaration(statement);
      add((statement.name as ts.Node).getText(file), statement.getText(file), !isType);
    } else add(statement.getText(file), statement.getText(file), false);
  }
  return found;
}

/** One import per name. A name may be a type only, so it counts as having no value and stays. */
function addImports(
  typescript: TypeScript,
  file: ts.SourceFile,
  statement: ts.ImportDeclaration,
  add: (name: string, declared: string, hasValue: boolean) => void,
): void {
  const from = statement.moduleSpecifier.getText(file);
  const clause = statement.importClause;
  if (clause?.name !== undefined) add(clause.name.text, `import ${clause.name.text} from ${from};`, false);
  const bindings = clause?.namedBindings;
  if (bindings === undefined) return;
  if (typescript.isNamespaceImport(bindings))
    add(bindings.name.text, `import ${bindings.getText(file)} from ${from};`, false);
  else
    for (const element of bindings.elements)
      add(element.name.text, `import { ${element.getText(file)} } from ${from};`, false);
}
