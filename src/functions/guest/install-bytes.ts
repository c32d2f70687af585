import type { Guest } from './guest.ts';

/** `Buffer`, `TextEncoder`, `TextDecoder`, `atob` and `btoa`. */
export function installBytes(guest: Guest): void {
  guest.lazy('Buffer', () => {
    const library = guest.require('buffer');
    if (typeof library !== 'object' || library === null || !('Buffer' in library)) return undefined;
    const made = library.Buffer;
    if (typeof made !== 'function') return undefined;
    // The library has no base64url: it reads its letters, and does not write them.
    const isUrl = (encoding: unknown): boolean =>
      typeof encoding === 'string' && encoding.toLowerCase() === 'base64url';
    const rewrite = (owner: object, name: string, at: number): void => {
      const original: unknown = Reflect.get(owner, name);
      if (typeof original !== 'function') return;
      const replaced = function (this: unknown, ...values: unknown[]): unknown {
        if (!isUrl(values[at])) return Reflect.apply(original, this, values);
        values[at] = 'base64';
        const answer: unknown = Reflect.apply(original, this, values);
        if (name !== 'toString' || typeof answer !== 'string') return answer;
        return answer.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
      };
      Object.defineProperty(owner, name, { value: replaced, configurable: true, writable: true });
    };
    rewrite(made, 'from', 1);
    rewrite(made, 'byteLength', 1);
    const prototype: unknown = Reflect.get(made, 'prototype');
    if (typeof prototype === 'object' && prototype !== null) {
      rewrite(prototype, 'toString', 0);
    }
    const isEncoding: unknown = Reflect.get(made, 'isEncoding');
    Reflect.set(
      made,
      'isEncoding',
      (name: unknown) =>
        isUrl(name) || (typeof isEncoding === 'function' && Boolean(isEncoding(name))),
    );
    return made;
  });
  guest.lazy('TextEncoder', () => {
    return class {
      readonly encoding = 'utf-8';
      encode(text = ''): Uint8Array {
        return new Uint8Array(Buffer.from(String(text), 'utf8'));
      }
    };
  });
  guest.lazy('TextDecoder', () => {
    return class {
      readonly encoding: string;
      constructor(label = 'utf-8') {
        const name = String(label).toLowerCase();
        if (!['utf-8', 'utf8', 'latin1', 'ascii', 'utf-16le'].includes(name)) {
          throw new RangeError(`The encoding ${label} is not supported`);
        }
        this.encoding = name === 'utf8' ? 'utf-8' : name;
      }
      decode(bytes: ArrayBuffer | Uint8Array = new Uint8Array()): string {
        const view =
          bytes instanceof Uint8Array
            ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
            : Buffer.from(bytes);
        if (this.encoding === 'latin1' || this.encoding === 'ascii') return view.toString('latin1');
        const text = view.toString(this.encoding === 'utf-8' ? 'utf8' : 'utf16le');
        return text.startsWith('\uFEFF') ? text.slice(1) : text;
      }
    };
  });
  guest.define('atob', (text: unknown) => Buffer.from(String(text), 'base64').toString('latin1'));
  guest.define('btoa', (text: unknown) => Buffer.from(String(text), 'latin1').toString('base64'));
}
