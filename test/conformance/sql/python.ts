/** An expression in Python's notation, as the Table API cases are written. */
export type Py =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number; readonly float: boolean }
  | { readonly kind: 'constant'; readonly value: boolean | null }
  | { readonly kind: 'attribute'; readonly of: Py; readonly name: string }
  | {
      readonly kind: 'call';
      readonly callee: Py;
      readonly args: readonly Py[];
      readonly names: Readonly<Record<string, Py>>;
    }
  | { readonly kind: 'item'; readonly of: Py; readonly index: Py }
  | { readonly kind: 'tuple' | 'list'; readonly items: readonly Py[] }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Py }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Py; readonly right: Py };

/** What is not Python, or more of Python than the cases need. */
export class PythonError extends Error {}

const TOKEN =
  /\s*(?:(\d+\.\d*(?:[eE][+-]?\d+)?|\.\d+|\d+)|([A-Za-z_]\w*)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(\*\*|\/\/|<=|>=|==|!=|[-+*/%<>&|^~().,[\]=]))/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };

function tokens(text: string): string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    if (/^\s*$/.test(text.slice(TOKEN.lastIndex))) break;
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new PythonError(`not Python: ${text.slice(at, at + 20)}`);
    found.push(match[0].trim());
  }
  return found;
}

/** From the loosest to the tightest, as Python binds them. */
const LEVELS: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['|'],
  ['^'],
  ['&'],
  ['+', '-'],
  ['*', '/', '%', '//'],
];

class Parser {
  private at = 0;
  constructor(private readonly tokens: readonly string[]) {}

  whole(): Py {
    const expression = this.expression();
    if (this.at < this.tokens.length) throw new PythonError(`unexpected ${this.tokens[this.at]}`);
    return expression;
  }

  private expression(level = 0): Py {
    const operators = LEVELS[level];
    if (operators === undefined) return this.unary();
    if (level === 1 && this.accept('not')) return { kind: 'unary', operator: 'not', operand: this.expression(2) };
    let left = this.expression(level + 1);
    for (let next = this.tokens[this.at]; next !== undefined && operators.includes(next); next = this.tokens[this.at]) {
      this.at++;
      left = { kind: 'binary', operator: next, left, right: this.expression(level + 1) };
    }
    return left;
  }

  private unary(): Py {
    for (const operator of ['-', '+', '~']) {
      if (this.accept(operator)) return { kind: 'unary', operator, operand: this.unary() };
    }
    return this.power();
  }

  private power(): Py {
    const base = this.postfix(this.atom());
    if (!this.accept('**')) return base;
    return { kind: 'binary', operator: '**', left: base, right: this.unary() };
  }

  private postfix(start: Py): Py {
    let value = start;
    for (;;) {
      if (this.accept('.')) value = { kind: 'attribute', of: value, name: this.next() };
      else if (this.accept('(')) value = this.call(value);
      else if (this.accept('[')) {
        value = { kind: 'item', of: value, index: this.expression() };
        this.expect(']');
      } else return value;
    }
  }

  private call(callee: Py): Py {
    const args: Py[] = [];
    const names: Record<string, Py> = {};
    while (!this.accept(')')) {
      if (this.tokens[this.at + 1] === '=' && /^[A-Za-z_]\w*$/.test(this.tokens[this.at] ?? '')) {
        const name = this.next();
        this.at++;
        names[name] = this.expression();
      } else args.push(this.expression());
      if (!this.accept(',')) {
        this.expect(')');
        break;
      }
    }
    return { kind: 'call', callee, args, names };
  }

  private atom(): Py {
    const token = this.next();
    if (token === '(') return this.parenthesised();
    if (token === '[') return { kind: 'list', items: this.items(']') };
    if (/^[\d.]/.test(token) && token !== '.') {
      return { kind: 'number', value: Number(token), float: /[.eE]/.test(token) };
    }
    if (/^['"]/.test(token)) return this.text(token);
    if (token === 'True' || token === 'False') return { kind: 'constant', value: token === 'True' };
    if (token === 'None') return { kind: 'constant', value: null };
    if (/^[A-Za-z_]/.test(token)) return { kind: 'name', name: token };
    throw new PythonError(`unexpected ${token}`);
  }

  /** Strings side by side are one. */
  private text(first: string): Py {
    let all = first;
    let value = '';
    for (;;) {
      value += all.slice(1, -1).replace(/\\(.)/gs, (_, c: string) => ESCAPES[c] ?? `\\${c}`);
      const next = this.tokens[this.at];
      if (next === undefined || !/^['"]/.test(next)) return { kind: 'string', value };
      all = this.next();
    }
  }

  private parenthesised(): Py {
    if (this.accept(')')) return { kind: 'tuple', items: [] };
    const first = this.expression();
    if (this.accept(')')) return first;
    this.expect(',');
    return { kind: 'tuple', items: [first, ...this.items(')')] };
  }

  private items(end: string): Py[] {
    const items: Py[] = [];
    while (!this.accept(end)) {
      items.push(this.expression());
      if (!this.accept(',')) {
        this.expect(end);
        break;
      }
    }
    return items;
  }

  private accept(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private expect(token: string): void {
    if (!this.accept(token)) throw new PythonError(`expected ${token}, found ${this.tokens[this.at] ?? 'the end'}`);
  }

  private next(): string {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new PythonError('the text ends too early');
    return token;
  }
}

/** Reads one expression. @throws PythonError */
export function parsePython(text: string): Py {
  return new Parser(tokens(text)).whole();
}
