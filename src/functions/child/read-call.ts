import { limits } from '../../core/limits.ts';

/** What a call brings is the word of code that may mean harm: each value is read for what it must be. */

export class CallProblem extends TypeError {}

export function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new CallProblem('A text is needed');
  if (value.length > limits.functionHostBytes) throw new CallProblem('The text is too long');
  return value;
}

export function bytesOf(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new CallProblem('Bytes are needed');
  if (value.byteLength > limits.functionHostBytes) throw new CallProblem('That is too many bytes');
  return value;
}

export function numberOf(value: unknown, least: number, most: number): number {
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    throw new CallProblem(`A number from ${least} to ${most} is needed`);
  }
  return Math.trunc(value);
}

/** Characters of a key: RSA with 4,096 bits has 3,300. What is longer takes seconds to sign with. */
const keyLength = 4_096;

export interface KeyGiven {
  readonly key: string | Buffer;
  readonly passphrase?: string;
  readonly padding?: number;
  readonly saltLength?: number;
}

/** A secret, or a key in PEM, alone or as `{key, passphrase, padding, saltLength}`. */
export function keyOf(value: unknown): string | Buffer | KeyGiven {
  if (typeof value === 'string' || value instanceof Uint8Array) {
    if (value.length > keyLength) throw new CallProblem('The key is too long');
    return typeof value === 'string' ? value : Buffer.from(value);
  }
  if (typeof value !== 'object' || value === null || !('key' in value)) {
    throw new CallProblem('A key is needed');
  }
  const inner = keyOf(value.key);
  if (typeof inner === 'object' && 'key' in inner) throw new CallProblem('A key is needed');
  const passphrase = 'passphrase' in value ? value.passphrase : undefined;
  const padding = 'padding' in value ? value.padding : undefined;
  const saltLength = 'saltLength' in value ? value.saltLength : undefined;
  return {
    key: inner,
    ...(typeof passphrase === 'string' ? { passphrase } : {}),
    ...(typeof padding === 'number' ? { padding } : {}),
    ...(typeof saltLength === 'number' ? { saltLength } : {}),
  };
}
