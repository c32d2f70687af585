import { createHash } from 'node:crypto';
import type { WarehouseDialect } from '../../core/warehouse-engine.ts';
import { snakeCase } from './snake-case.ts';

const hashLength = 8;

/** Tables that every source may have; an event of such a name gets `_` in front (spec tracking-api §18). */
export const builtInTables: ReadonlySet<string> = new Set([
  // A view of the engines.
  'users_by_profile',
  'tracks',
  'identifies',
  'users',
  'groups',
  'accounts',
  'pages',
  'screens',
  'aliases',
]);

/**
 * Where the schemas of sources are of one dialect: what their schemas, tables and columns are called (spec tracking-api §14.2). A
 * digit at the beginning and a reserved word get `_` in front; a name of which nothing is left, `u_` and a
 * hash of it; one that is too long is cut and ends with a hash of the whole.
 */
export class Identifiers {
  readonly #dialect: WarehouseDialect;

  constructor(dialect: WarehouseDialect) {
    this.#dialect = dialect;
  }

  /** A column; of several words where it is nested. */
  column(words: readonly string[]): string {
    return this.#fit(words, this.#dialect.reserved);
  }

  /** The table of an event; of a collection of objects too. */
  table(name: string): string {
    const fitting = this.#fit([name], this.#dialect.reserved);
    return builtInTables.has(fitting) ? `_${fitting}` : fitting;
  }

  schema(slug: string): string {
    const fitting = this.#fit([slug], this.#dialect.reserved);
    return this.#dialect.reservedSchemas.has(fitting) ? `_${fitting}` : fitting;
  }

  #fit(words: readonly string[], reserved: ReadonlySet<string>): string {
    const snake = words.map(snakeCase).filter((word) => word !== '');
    const plain = snake.length < words.length ? [...snake, hashed(words)] : snake;
    const name = plain.join('_');
    const isSpecial = /^[0-9]/.test(name) || reserved.has(name);
    return this.#shorten(isSpecial ? `_${name}` : name, words);
  }

  #shorten(name: string, words: readonly string[]): string {
    const most = this.#dialect.identifierBytes;
    // ASCII: a character is a byte.
    if (name.length <= most) return name;
    return `${name.slice(0, most - hashLength - 1)}_${digest(words)}`;
  }
}

/** In place of what has no letter or digit of ASCII. */
function hashed(words: readonly string[]): string {
  return `u_${digest(words)}`;
}

function digest(words: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, hashLength);
}
