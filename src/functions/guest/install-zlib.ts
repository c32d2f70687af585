import type { Guest } from './guest.ts';

/** `zlib`, also as `zlib.zlib`: whole buffers, synchronous, with a callback or a promise. */
export function installZlib(guest: Guest): void {
  guest.lazy('zlib', () => {
    const zlib: Record<string, unknown> = {};
    const names =
      'deflate inflate deflateRaw inflateRaw gzip gunzip unzip brotliCompress brotliDecompress';
    for (const name of names.split(' ')) {
      const work = (data: unknown, options?: unknown): Buffer => {
        const bytes = data instanceof Uint8Array ? data : Buffer.from(String(data));
        const level =
          typeof options === 'object' && options !== null && 'level' in options
            ? options.level
            : undefined;
        const answer = guest.call('zlib', name, new Uint8Array(bytes), level);
        return Buffer.from(answer instanceof Uint8Array ? answer : new Uint8Array());
      };
      zlib[`${name}Sync`] = work;
      zlib[name] = (data: unknown, ...rest: readonly unknown[]): Promise<Buffer> | undefined => {
        const done = rest.at(-1);
        const result = Promise.resolve().then(() => work(data, rest[0]));
        if (typeof done !== 'function') return result;
        void result.then(
          (value) => done(null, value),
          (error: unknown) => done(error),
        );
        return undefined;
      };
    }
    zlib['zlib'] = zlib;
    return zlib;
  });
}
