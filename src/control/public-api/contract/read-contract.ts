import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../../core/json.ts';
import type { Method, Tier } from '../frame/operation.ts';
import type { Models } from './compare-schemas.ts';

/** What Segment's SDKs (73.2) expect of one operation. */
export interface ContractOperation {
  readonly operationId: string;
  /** A: also in seed 004; B: the rest of what is offered; C: answered with 501. */
  readonly tier: 'A' | 'B' | 'C';
  readonly tag: string;
  readonly method: Method;
  readonly path: string;
  readonly types: readonly Tier[];
  readonly status: number;
  readonly perMinute?: number;
  /** Names of models. */
  readonly body?: string;
  readonly data: string;
  readonly query?: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly schema: JsonObject;
  }[];
}

export interface Contract {
  readonly operations: readonly ContractOperation[];
  readonly models: Models;
}

/** The names, types and required keys of Segment's Public API. Only tests read it. */
export function readContract(): Contract {
  const path = join(import.meta.dirname, 'contract.json');
  return JSON.parse(readFileSync(path, 'utf8')) as Contract;
}
