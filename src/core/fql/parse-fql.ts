import { fqlFunctions } from './fql-functions.ts';
import { type FqlComparison, type FqlNode, type FqlProblem, fqlComparisons } from './fql-node.ts';
import { type FqlToken, tokenizeFql } from './tokenize-fql.ts';

export type ParsedFql =
  | { readonly ok: true; readonly expression: FqlNode }
  | { readonly ok: false; readonly problem: FqlProblem };

/** Deeper is refused, so that nothing recurses without bound. */
const depthMost = 100;

/** Reads an FQL expression (spec tracking-api §10.2). Never throws. */
export function parseFql(text: string): ParsedFql {
  const read = tokenizeFql(text);
  if (!read.ok) return read;
  const parser = new Parser(read.tokens);
  const expression = parser.either();
  const problem = parser.problem ?? parser.rest();
  return problem === undefined ? { ok: true, expression } : { ok: false, problem };
}

const constants: Readonly<Record<string, boolean | null>> = Object.freeze({
  true: true,
  false: false,
  null: null,
});
const words = new Set(['and', 'or', 'in', ...Object.keys(constants)]);

const nothing: FqlNode = { kind: 'literal', value: null };

/** By recursive descent. After the first problem it takes nothing more, and what it returns means nothing. */
class Parser {
  readonly #tokens: readonly FqlToken[];
  #next = 0;
  #depth = 0;
  problem: FqlProblem | undefined;

  constructor(tokens: readonly FqlToken[]) {
    this.#tokens = tokens;
  }

  /** What is wrong with what follows the expression. */
  rest(): FqlProblem | undefined {
    const token = this.#peek();
    return token.kind === 'end' ? undefined : this.#unexpected(token);
  }

  either(): FqlNode {
    return this.#chain('or', () => this.#chain('and', () => this.#comparison()));
  }

  #chain(kind: 'and' | 'or', part: () => FqlNode): FqlNode {
    const first = part();
    const parts = [first];
    while (this.#takeWord(kind)) parts.push(part());
    return parts.length === 1 ? first : { kind, parts };
  }

  #comparison(): FqlNode {
    const left = this.#unary();
    const operator = this.#takeComparison();
    return operator === undefined
      ? left
      : { kind: 'compare', operator, left, right: this.#unary() };
  }

  #unary(): FqlNode {
    if (!this.#takeSign('!')) return this.#primary();
    return { kind: 'not', operand: this.#deeper(() => this.#unary()) };
  }

  #primary(): FqlNode {
    const token = this.#peek();
    if (this.problem !== undefined) return nothing;
    if (token.kind === 'string') return this.#literal(token.text);
    if (token.kind === 'number') return this.#literal(token.value);
    if (this.#takeSign('(')) {
      const inner = this.#deeper(() => this.either());
      this.#expect(')');
      return inner;
    }
    if (this.#takeSign('[')) return { kind: 'list', items: this.#until(']') };
    if (token.kind !== 'path') return this.#fail(this.#unexpected(token));
    const { plain, keys } = token;
    if (plain !== undefined && Object.hasOwn(constants, plain)) {
      return this.#literal(constants[plain] ?? null);
    }
    if (plain !== undefined && words.has(plain)) return this.#fail(this.#unexpected(token));
    this.#next += 1;
    if (!this.#takeSign('(')) return { kind: 'path', keys };
    return this.#call(keys.join('.'), token.position);
  }

  #call(name: string, position: number): FqlNode {
    const found = fqlFunctions.get(name);
    if (found === undefined) {
      return this.#fail({ position, message: `there is no function "${name}"` });
    }
    const operands = this.#until(')');
    if (operands.length !== found.arity) {
      const count = `${found.arity} value${found.arity === 1 ? '' : 's'}`;
      return this.#fail({ position, message: `${name}() takes ${count}, not ${operands.length}` });
    }
    return { kind: 'call', name, operands };
  }

  /** Values separated by commas, up to the sign that closes them. */
  #until(close: string): FqlNode[] {
    const items: FqlNode[] = [];
    if (this.#takeSign(close)) return items;
    do items.push(this.#deeper(() => this.either()));
    while (this.#takeSign(','));
    this.#expect(close);
    return items;
  }

  #literal(value: string | number | boolean | null): FqlNode {
    this.#next += 1;
    return { kind: 'literal', value };
  }

  #deeper(read: () => FqlNode): FqlNode {
    if (this.#depth >= depthMost) {
      const { position } = this.#peek();
      return this.#fail({ position, message: `it is nested deeper than ${depthMost}` });
    }
    this.#depth += 1;
    const node = read();
    this.#depth -= 1;
    return node;
  }

  #takeComparison(): FqlComparison | undefined {
    const token = this.#peek();
    const text = token.kind === 'sign' ? token.sign : token.kind === 'path' ? token.plain : '';
    const found = fqlComparisons.find((comparison) => comparison === text);
    if (found === undefined || this.problem !== undefined) return undefined;
    this.#next += 1;
    return found;
  }

  #takeWord(word: string): boolean {
    const token = this.#peek();
    const is = this.problem === undefined && token.kind === 'path' && token.plain === word;
    if (is) this.#next += 1;
    return is;
  }

  #takeSign(sign: string): boolean {
    const token = this.#peek();
    const is = this.problem === undefined && token.kind === 'sign' && token.sign === sign;
    if (is) this.#next += 1;
    return is;
  }

  #expect(sign: string): void {
    if (this.#takeSign(sign)) return;
    const token = this.#peek();
    const message = `"${sign}" is expected, not ${nameOf(token)}`;
    this.#fail({ position: token.position, message });
  }

  #peek(): FqlToken {
    return this.#tokens[this.#next] ?? { kind: 'end', position: 0 };
  }

  #unexpected(token: FqlToken): FqlProblem {
    return { position: token.position, message: `${nameOf(token)} is not expected here` };
  }

  #fail(problem: FqlProblem): FqlNode {
    this.problem ??= problem;
    return nothing;
  }
}

function nameOf(token: FqlToken): string {
  switch (token.kind) {
    case 'end':
      return 'the end';
    case 'string':
      return `the text ${JSON.stringify(token.text)}`;
    case 'number':
      return `the number ${token.value}`;
    case 'path':
      return `"${token.keys.join('.')}"`;
    case 'sign':
      return `"${token.sign}"`;
  }
}
