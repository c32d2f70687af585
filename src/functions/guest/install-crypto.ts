import type { Guest } from './guest.ts';

/** `crypto`: the part of Node's module that works on data in hand. The host computes. */
export function installCrypto(guest: Guest): void {
  const { call } = guest;
  guest.lazy('crypto', () => {
    type Data = string | Uint8Array;
    const bytesOf = (data: unknown, encoding?: unknown): Uint8Array => {
      if (typeof data === 'string') {
        return new Uint8Array(
          Buffer.from(data, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'),
        );
      }
      if (data instanceof Uint8Array) return new Uint8Array(data);
      if (data instanceof ArrayBuffer) return new Uint8Array(data);
      throw new TypeError('The "data" argument must be a string or bytes.');
    };
    const output = (answer: unknown, encoding?: unknown): Buffer | string => {
      const bytes = Buffer.from(answer instanceof Uint8Array ? answer : new Uint8Array());
      return typeof encoding === 'string' ? bytes.toString(encoding as BufferEncoding) : bytes;
    };
    const join = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
    const keyOf = (key: unknown): unknown =>
      key instanceof Uint8Array ? new Uint8Array(key) : typeof key === 'object' ? { ...key } : key;

    /** Gathers what it is given, and asks the host once. */
    class Gathered {
      readonly parts: Uint8Array[] = [];
      update(data: Data, encoding?: unknown): this {
        this.parts.push(bytesOf(data, encoding));
        return this;
      }
      write(data: Data, encoding?: unknown): void {
        this.update(data, encoding);
      }
      end(data?: Data): void {
        if (data !== undefined) this.update(data);
      }
    }
    class Digest extends Gathered {
      readonly #ask: (data: Uint8Array) => unknown;
      #done = false;
      constructor(ask: (data: Uint8Array) => unknown) {
        super();
        this.#ask = ask;
      }
      digest(encoding?: unknown): Buffer | string {
        if (this.#done) throw new TypeError('Digest already called');
        this.#done = true;
        return output(this.#ask(join(this.parts)), encoding);
      }
    }
    class Sign extends Gathered {
      readonly #algorithm: string;
      constructor(algorithm: unknown) {
        super();
        this.#algorithm = String(algorithm);
      }
      sign(key: unknown, encoding?: unknown): Buffer | string {
        return output(call('sign', this.#algorithm, join(this.parts), keyOf(key)), encoding);
      }
      verify(key: unknown, signature: Data, encoding?: unknown): boolean {
        const data = join(this.parts);
        const given = bytesOf(signature, encoding);
        return call('verify', this.#algorithm, data, keyOf(key), given) === true;
      }
    }
    /** Enciphers as a whole at the end: `update` yields nothing, `final` everything. */
    class Cipher {
      readonly #facts: readonly unknown[];
      readonly #parts: Uint8Array[] = [];
      #aad: Uint8Array | undefined;
      #tag: Uint8Array | undefined;
      constructor(...facts: readonly unknown[]) {
        this.#facts = facts;
      }
      update(data: Data, input?: unknown, out?: unknown): Buffer | string {
        this.#parts.push(bytesOf(data, input));
        return output(new Uint8Array(), out);
      }
      final(out?: unknown): Buffer | string {
        const answer = call('cipher', ...this.#facts, join(this.#parts), this.#aad, this.#tag);
        if (typeof answer !== 'object' || answer === null || !('data' in answer)) return output('');
        if ('tag' in answer && answer.tag instanceof Uint8Array) this.#tag = answer.tag;
        return output(answer.data, out);
      }
      setAAD(data: Uint8Array): this {
        this.#aad = bytesOf(data);
        return this;
      }
      setAuthTag(tag: Uint8Array): this {
        this.#tag = bytesOf(tag);
        return this;
      }
      getAuthTag(): Buffer | string {
        return output(this.#tag);
      }
      setAutoPadding(): this {
        return this;
      }
    }
    const secret = (key: unknown): Uint8Array => bytesOf(key);
    const derive = (operation: string, ...values: readonly unknown[]): Buffer | string =>
      output(call(operation, ...values));
    return {
      createHash: (name: unknown) => new Digest((data) => call('hash', String(name), data)),
      createHmac: (name: unknown, key: unknown) =>
        new Digest((data) => call('hmac', String(name), secret(key), data)),
      createSign: (name: unknown) => new Sign(name),
      createVerify: (name: unknown) => new Sign(name),
      createCipheriv: (name: unknown, key: unknown, iv: unknown) =>
        new Cipher('encipher', String(name), secret(key), iv === null ? null : bytesOf(iv)),
      createDecipheriv: (name: unknown, key: unknown, iv: unknown) =>
        new Cipher('decipher', String(name), secret(key), iv === null ? null : bytesOf(iv)),
      pbkdf2Sync: (
        password: unknown,
        salt: unknown,
        rounds: unknown,
        size: unknown,
        hash: unknown,
      ) =>
        derive(
          'pbkdf2',
          secret(password),
          secret(salt),
          Number(rounds),
          Number(size),
          String(hash),
        ),
      randomBytes: (size: unknown) => output(call('random', Number(size))),
      randomInt: (low: unknown, high?: unknown) => Number(call('randomInt', Number(low), high)),
      randomUUID: () => String(call('uuid')),
      timingSafeEqual: (a: Uint8Array, b: Uint8Array) =>
        call('equal', bytesOf(a), bytesOf(b)) === true,
      getRandomValues: (view: Uint8Array) => {
        const random = call('random', view.byteLength);
        if (random instanceof Uint8Array) {
          new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(random);
        }
        return view;
      },
      getHashes: () => call('hashes'),
      getCiphers: () => call('ciphers'),
    };
  });
  guest.modules['crypto'] = () => Reflect.get(globalThis, 'crypto');
}
