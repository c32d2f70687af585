import type { Guest } from './guest.ts';

/** `FormData`, as the package form-data has it: fields and files in memory, `getHeaders`, `getBuffer`. */
export function installFormData(guest: Guest): void {
  const quoted = (text: string): string =>
    text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
  interface Options {
    readonly filename?: unknown;
    readonly contentType?: unknown;
  }
  guest.lazy('FormData', () => {
    return class FormData {
      readonly #boundary =
        `--------------------------${String(guest.call('uuid')).replaceAll('-', '')}`;
      readonly #parts: { head: string; content: Buffer }[] = [];
      append(name: unknown, value: unknown, options: Options | string = {}): void {
        const { filename, contentType } =
          typeof options === 'string' ? { filename: options, contentType: undefined } : options;
        const isFile = value instanceof Uint8Array || filename !== undefined;
        const file = filename === undefined ? '' : `; filename="${quoted(String(filename))}"`;
        const type = contentType ?? (isFile ? 'application/octet-stream' : undefined);
        const head =
          `Content-Disposition: form-data; name="${quoted(String(name))}"${file}\r\n` +
          (type === undefined ? '' : `Content-Type: ${quoted(String(type))}\r\n`);
        const content =
          value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value), 'utf8');
        this.#parts.push({ head, content });
      }
      getBoundary(): string {
        return this.#boundary;
      }
      getHeaders(more: object = {}): Record<string, unknown> {
        return { ...more, 'content-type': `multipart/form-data; boundary=${this.#boundary}` };
      }
      getBuffer(): Buffer {
        const pieces = this.#parts.flatMap(({ head, content }) => [
          Buffer.from(`--${this.#boundary}\r\n${head}\r\n`),
          content,
          Buffer.from('\r\n'),
        ]);
        return Buffer.concat([...pieces, Buffer.from(`--${this.#boundary}--\r\n`)]);
      }
      getLengthSync(): number {
        return this.getBuffer().length;
      }
    };
  });
}
