import { createHash } from 'node:crypto';
import { StreambookError } from '../../../core/errors.js';
import { type AnyType, MAX_LENGTH, makeType, type } from '../../../core/types/index.js';
import { invalid } from '../../expressions/call-site.js';
import { literal, type Rex, type RexCall } from '../../plan/rex.js';
import type { CallRequest, ScalarFunction } from '../definition.js';
import { javaRegex, likeTest, similarTest } from '../runtime/patterns.js';
import {
  ascii,
  chr,
  decode,
  encode,
  initCap,
  overlay,
  pad,
  parseUrl,
  reverse,
  split,
  splitIndex,
  strToMap,
  trim,
} from '../runtime/strings.js';
import { charLength, locate, substring } from '../runtime/text.js';
import { type Form, type NullRule, scalar } from '../signature.js';
import { isBinary, isCharacter, T, withNull } from '../types.js';

/** The same text type, of varying length. */
function varying([t]: readonly AnyType[]): AnyType {
  return t !== undefined && isCharacter(t) ? T.varchar(t.length) : T.string;
}

type Implementation = (...operands: never[]) => unknown;

/** A function of strings that gives a string. */
function text(name: string, forms: readonly Form[], run: Implementation, nullable: NullRule = 'args'): ScalarFunction {
  return scalar(name, forms, T.string, { nullable, implement: () => run });
}

const STRING: Form = ['CHARACTER'];

/** A constant operand's value; `undefined` when it is not constant. */
function constantOf(rex: Rex | undefined): unknown {
  return rex?.kind === 'literal' ? rex.value : undefined;
}

function refuseNulls({ operands, site }: CallRequest): object {
  if (operands.some(({ type: t }) => t.root === 'NULL')) {
    throw invalid("Illegal use of 'NULL'", site, 'write CAST(NULL AS STRING)');
  }
  return {};
}

/** LIKE and SIMILAR TO: constant patterns are compiled once. */
function pattern(name: string, make: (pattern: string, mark?: string) => (text: string) => boolean): ScalarFunction {
  const base = name.replace('NOT ', '');
  const forms: Form[] = [['CHARACTER', 'CHARACTER', 'CHARACTER?']];
  return scalar(name, forms, T.boolean, {
    prepare({ operands, site }) {
      // An escape that is none is an error before the run.
      const mark = constantOf(operands[2]);
      const given = constantOf(operands[1]);
      try {
        if (typeof mark === 'string' || typeof given === 'string')
          make(typeof given === 'string' ? given : '', typeof mark === 'string' ? mark : undefined);
      } catch (error) {
        // A regular expression that is none is found while running, as on Flink.
        const late = base === 'SIMILAR TO' && operands[2] === undefined;
        if (!late && (operands[2] === undefined || typeof mark === 'string'))
          throw invalid((error as Error).message, site);
      }
      return {};
    },
    implement({ operands }) {
      const negated = base !== name;
      const [given, mark] = [constantOf(operands[1]), constantOf(operands[2])];
      if (typeof given === 'string' && (operands[2] === undefined || typeof mark === 'string')) {
        const test = make(given, mark as string | undefined);
        return negated ? (value: string) => !test(value) : (value: string) => test(value);
      }
      return (value: string, by: string, escaped?: string) => make(by, escaped)(value) !== negated;
    },
  });
}

/** `a || b`: of two CHARs a CHAR. */
function concatType([a, b]: readonly AnyType[]): AnyType {
  if (a === undefined || b === undefined) return T.string;
  const length = (t: AnyType): number => (isCharacter(t) || isBinary(t) ? t.length : 0);
  const sum = Math.min(MAX_LENGTH, length(a) + length(b));
  const fixed = (a.root === 'CHAR' && b.root === 'CHAR') || (a.root === 'BINARY' && b.root === 'BINARY');
  const binary = isBinary(a) || isBinary(b);
  const root = binary ? (fixed ? 'BINARY' : 'VARBINARY') : fixed ? 'CHAR' : 'VARCHAR';
  return makeType(root, { length: Math.max(1, sum) } as never) as unknown as AnyType;
}

const CONCAT_OPERATOR = scalar(
  '||',
  [
    ['CHARACTER', 'CHARACTER'],
    ['BINARY', 'BINARY'],
  ],
  concatType,
  {
    inline: ([a, b], call, writer) =>
      isBinary(call.type)
        ? `${writer.constant((x: Uint8Array, y: Uint8Array) => new Uint8Array(Buffer.concat([x, y])))}(${a}, ${b})`
        : `${a} + ${b}`,
  },
);

function hash(name: string, algorithm: string, length: number): ScalarFunction {
  return scalar(name, [['STRING']], type.char(length) as AnyType, {
    implement: () => (value: string | Uint8Array) => createHash(algorithm).update(value).digest('hex'),
  });
}

function unsupported(bits: number): never {
  throw new StreambookError('bad-argument', `SHA2(..., ${bits}): Unsupported algorithm.`, {
    hint: 'the lengths are 224, 256, 384 and 512',
  });
}

const SHA2: ScalarFunction = scalar('SHA2', [['STRING', 'INTEGER']], T.varchar(128), {
  implement: () => (value: string | Uint8Array, bits: number) =>
    ['224', '256', '384', '512'].includes(String(bits))
      ? createHash(`sha${bits}`).update(value).digest('hex')
      : unsupported(bits),
});

const regexp = (name: string): RegExp | null => javaRegex(name);

function regexpReplace(value: string, source: string, by: string): string | null {
  const expression = javaRegex(source, 'g');
  return expression === null ? null : value.replace(expression, () => by);
}

function regexpExtract(value: string, source: string, group: number): string | null {
  if (group < 0) return null;
  const found = regexp(source)?.exec(value);
  return found?.[group] ?? null;
}

function fromBase64(value: string): string {
  const wrong = /[^A-Za-z0-9+/=]/.exec(value);
  if (wrong !== null) {
    throw new StreambookError(
      'bad-base64',
      `Illegal base64 character ${(wrong[0] as string).charCodeAt(0).toString(16)}`,
    );
  }
  return Buffer.from(value, 'base64').toString('utf8');
}

const trimSide = (call: RexCall): 'BOTH' | 'LEADING' | 'TRAILING' => {
  const side = call.options?.side ?? call.options?.trim;
  return side === 'LEADING' || side === 'TRAILING' ? side : 'BOTH';
};

function edgeTrim(name: string, side: 'LEADING' | 'TRAILING'): ScalarFunction {
  return scalar(name, [['CHARACTER', 'CHARACTER?']], varying, {
    implement: () => (value: string, characters?: string) => trim(value, characters ?? ' ', side),
  });
}

function hex(call: RexCall): Implementation {
  if (isCharacter(call.operands[0]?.type as AnyType)) {
    return (value: string) => Buffer.from(value, 'utf8').toString('hex').toUpperCase();
  }
  return (value: number | bigint) => BigInt.asUintN(64, BigInt(value)).toString(16).toUpperCase();
}

const test = (name: string, run: (value: string) => boolean): ScalarFunction =>
  scalar(name, [['ANY']], T.boolean, {
    nullable: 'never',
    nulls: 'pass',
    implement: ({ operands }) =>
      isCharacter(operands[0]?.type as AnyType) ? (value: string | null) => value !== null && run(value) : () => false,
  });

export const STRINGS: readonly ScalarFunction[] = [
  CONCAT_OPERATOR,
  scalar('CHAR_LENGTH', [STRING], T.int, { implement: () => charLength as Implementation }),
  scalar('UPPER', [STRING], ([t]) => t as AnyType, { inline: ([x]) => `${x}.toUpperCase()` }),
  scalar('LOWER', [STRING], ([t]) => t as AnyType, { inline: ([x]) => `${x}.toLowerCase()` }),
  scalar('INITCAP', [STRING], ([t]) => t as AnyType, { implement: () => initCap as Implementation }),
  text('REVERSE', [STRING], reverse as Implementation, 'always'),
  scalar('TRIM', [['CHARACTER', 'CHARACTER?']], varying, {
    implement: (call) => {
      const side = trimSide(call);
      return (value: string, characters?: string) => trim(value, characters ?? ' ', side);
    },
  }),
  edgeTrim('LTRIM', 'LEADING'),
  edgeTrim('RTRIM', 'TRAILING'),
  scalar('SUBSTRING', [['CHARACTER', 'INTEGER', 'INTEGER?']], varying, {
    nullable: 'always',
    implement: () => (value: string, start: number, length?: number) => substring(value, start, length ?? MAX_LENGTH),
  }),
  scalar('LEFT', [['CHARACTER', 'INTEGER']], varying, {
    nullable: 'always',
    implement: () => ((value: string, n: number) => (n <= 0 ? '' : value.slice(0, n))) as Implementation,
  }),
  scalar('RIGHT', [['CHARACTER', 'INTEGER']], varying, {
    nullable: 'always',
    implement: () => ((value: string, n: number) => (n <= 0 ? '' : value.slice(-n))) as Implementation,
  }),
  scalar('POSITION', [['CHARACTER', 'CHARACTER', 'INTEGER?']], T.int, { implement: () => locate as Implementation }),
  scalar('LOCATE', [['CHARACTER', 'CHARACTER', 'INTEGER?']], T.int, { implement: () => locate as Implementation }),
  scalar('INSTR', [['CHARACTER', 'CHARACTER']], T.int, {
    implement: () => (value: string, part: string) => locate(part, value),
  }),
  text('REPLACE', [['CHARACTER', 'CHARACTER', 'CHARACTER']], ((value: string, what: string, by: string) =>
    value.replaceAll(what, () => by)) as Implementation),
  scalar('OVERLAY', [['CHARACTER', 'CHARACTER', 'INTEGER', 'INTEGER?']], (types) => varying([concatType(types)]), {
    implement: () => overlay as Implementation,
  }),
  text('REPEAT', [['CHARACTER', 'INTEGER']], ((value: string, n: number) =>
    n <= 0 ? '' : value.repeat(n)) as Implementation),
  scalar('LPAD', [['CHARACTER', 'INTEGER', 'CHARACTER']], T.string, {
    mayBeNull: () => true,
    implement: () => pad('left') as Implementation,
  }),
  scalar('RPAD', [['CHARACTER', 'INTEGER', 'CHARACTER']], T.string, {
    mayBeNull: () => true,
    implement: () => pad('right') as Implementation,
  }),
  scalar('CONCAT', [['CHARACTER...']], T.string, {
    prepare: refuseNulls,
    inline: (operands) => operands.join(' + '),
  }),
  scalar('CONCAT_WS', [['CHARACTER', 'CHARACTER...']], T.string, {
    prepare: refuseNulls,
    nulls: 'pass',
    implement:
      () =>
      (separator: string | null, ...parts: (string | null)[]) =>
        separator === null ? null : parts.filter((part) => part !== null).join(separator),
  }),
  pattern('LIKE', likeTest),
  pattern('NOT LIKE', likeTest),
  pattern('SIMILAR TO', similarTest),
  pattern('NOT SIMILAR TO', similarTest),
  scalar('REGEXP', [['CHARACTER', 'CHARACTER']], T.boolean, {
    implement: () => (value: string, source: string) => source !== '' && (regexp(source)?.test(value) ?? false),
  }),
  scalar('REGEXP_REPLACE', [['CHARACTER', 'CHARACTER', 'CHARACTER']], T.string, {
    mayBeNull: () => true,
    implement: () => regexpReplace as Implementation,
  }),
  scalar('REGEXP_EXTRACT', [['CHARACTER', 'CHARACTER', 'INTEGER?']], T.string, {
    nullable: 'always',
    prepare: ({ operands }) => ({
      operands: operands.length === 2 ? [...operands, literal(0, withNull(T.int, false))] : operands,
    }),
    implement: () => regexpExtract as Implementation,
  }),
  scalar(
    'SPLIT_INDEX',
    [
      ['CHARACTER', 'CHARACTER', 'INTEGER'],
      ['CHARACTER', 'INTEGER', 'INTEGER'],
    ],
    T.string,
    {
      nullable: 'always',
      implement: () => splitIndex as Implementation,
    },
  ),
  scalar('SPLIT', [['CHARACTER', 'CHARACTER']], () => T.array(T.string), { implement: () => split as Implementation }),
  scalar('STR_TO_MAP', [['CHARACTER', 'CHARACTER?', 'CHARACTER?']], type.map(T.string, T.string) as AnyType, {
    implement: () => (value: string, pairs?: string, values?: string) => {
      const [x, y] = [javaRegex(pairs ?? ','), javaRegex(values ?? '=')];
      return x === null || y === null ? null : strToMap(value, x, y);
    },
    nullable: 'always',
  }),
  scalar('PARSE_URL', [['CHARACTER', 'CHARACTER', 'CHARACTER?']], T.string, {
    nullable: 'always',
    implement: () => parseUrl as Implementation,
  }),
  scalar('ASCII', [STRING], T.int, { implement: () => ascii as Implementation }),
  scalar('CHR', [['INTEGER']], T.string, { nullable: 'always', implement: () => chr as Implementation }),
  scalar('ENCODE', [['CHARACTER', 'CHARACTER']], T.bytes, {
    nullable: 'always',
    implement: () => encode as Implementation,
  }),
  scalar('DECODE', [['BINARY', 'CHARACTER']], T.string, {
    nullable: 'always',
    implement: () => decode as Implementation,
  }),
  scalar('TO_BASE64', [STRING], T.string, {
    implement: () => (value: string) => Buffer.from(value, 'utf8').toString('base64'),
  }),
  scalar('FROM_BASE64', [STRING], T.string, {
    implement: () => fromBase64 as Implementation,
  }),
  scalar('HEX', [['INTEGER'], STRING], T.string, { implement: hex }),
  scalar('BIN', [['INTEGER']], T.string, {
    implement: () => (value: number | bigint) => BigInt.asUintN(64, BigInt(value)).toString(2),
  }),
  hash('MD5', 'md5', 32),
  hash('SHA1', 'sha1', 40),
  hash('SHA224', 'sha224', 56),
  hash('SHA256', 'sha256', 64),
  hash('SHA384', 'sha384', 96),
  hash('SHA512', 'sha512', 128),
  SHA2,
  test('IS_ALPHA', (value) => value !== '' && /^\p{L}+$/u.test(value)),
  test('IS_DIGIT', (value) => value !== '' && /^\p{Nd}+$/u.test(value)),
  test('IS_DECIMAL', (value) => /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value.trim())),
];
