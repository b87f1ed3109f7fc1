import type { FunctionResolver, UserFunction } from '../functions/user.js';

/** A function that CREATE FUNCTION named by its class: known, but there is no code of it here. */
export interface DeclaredFunction {
  readonly name: string;
  readonly className: string;
  readonly language: string;
  readonly temporary: boolean;
  readonly system: boolean;
}

/** The functions of the user's. Names are the same in upper and lower case, as in Flink. */
export class FunctionRegistry implements FunctionResolver {
  readonly #functions = new Map<string, UserFunction>();
  readonly #declared = new Map<string, DeclaredFunction>();
  #defined = 1;

  /** Makes a function known under a name, or under another one than before. */
  register(name: string, made: UserFunction): void {
    this.#functions.set(name.toLowerCase(), made);
  }
  define(base: string, make: (name: string) => UserFunction): UserFunction {
    // No built-in function has such a name.
    const made = make(`${base}$${this.#defined++}`);
    this.register(made.name, made);
    return made;
  }
  unregister(name: string): boolean {
    const key = name.toLowerCase();
    const known = this.#functions.delete(key);
    return this.#declared.delete(key) || known;
  }
  resolve(name: string): UserFunction | undefined {
    const key = name.toLowerCase();
    return this.#functions.get(key) ?? this.#functions.get(key.slice(key.lastIndexOf('.') + 1));
  }
  declare(made: DeclaredFunction): void {
    this.#declared.set(made.name.toLowerCase(), made);
  }
  declared(name: string): DeclaredFunction | undefined {
    return this.#declared.get(name.toLowerCase());
  }
  has(name: string): boolean {
    const key = name.toLowerCase();
    return this.#functions.has(key) || this.#declared.has(key);
  }
  names(): Iterable<string> {
    const known = new Set([...this.#functions.keys(), ...this.#declared.keys()]);
    return [...known].filter((name) => !/\$\d+$/.test(name)).sort();
  }
}
