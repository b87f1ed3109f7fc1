import { expect, test } from 'vitest';
import { declarationsAfterFailure } from '../../../src/kernel/patches/declarations.js';
import { loadTslab } from '../../../src/kernel/tslab.js';

const { typescript } = loadTslab();
const after = (before: string, declared: string, defined: readonly string[]): string[] =>
  declarationsAfterFailure(typescript, before, declared, (name) => defined.includes(name))
    .trim()
    .split('\n');

test('what has its value stays, what has not is forgotten', () => {
  const declared = 'declare const a: number, b: string;\ndeclare let c: { x: number };';
  expect(after('', declared, ['a', 'c'])).toEqual(['declare const a: number;', 'declare let c: { x: number };']);
});

test('a name that was declared before falls back to what it was', () => {
  expect(after('declare const a: number;', 'declare const a: string;', [])).toEqual(['declare const a: number;']);
  expect(after('declare const a: number;', 'declare const a: string;', ['a'])).toEqual(['declare const a: string;']);
});

test('types need no value; functions, classes and enums do', () => {
  const declared = [
    'interface I { x: number }',
    'type T = I;',
    'declare function f(): void;',
    'declare class A { }',
    'declare enum E { X }',
  ];
  expect(after('', declared.join('\n'), ['f', 'E'])).toEqual([declared[0], declared[1], declared[2], declared[4]]);
});

test('imports and references stay', () => {
  const declared = '/// <reference types="node" />\nimport d, { a as b, c } from "m";\nimport * as n from "n";';
  expect(after('', declared, [])).toEqual([
    '/// <reference types="node" />',
    'import d from "m";',
    'import { a as b } from "m";',
    'import { c } from "m";',
    'import * as n from "n";',
  ]);
});

test('overloads stay together', () => {
  const declared = 'declare function f(x: number): void;\ndeclare function f(x: string): void;';
  expect(after('', declared, ['f'])).toEqual(declared.split('\n'));
  expect(after('', declared, [])).toEqual(['']);
});
