import type { Guest } from './guest.ts';

/** `URL` and `URLSearchParams`. Addresses are taken apart by the host, by the rules of WHATWG. */
export function installUrl(guest: Guest): void {
  const { call } = guest;
  type Pairs = [name: string, value: string][];

  const decode = (text: string): string => {
    const spaced = text.replaceAll('+', ' ');
    try {
      return decodeURIComponent(spaced);
    } catch {
      // A stray % means itself.
      return spaced;
    }
  };
  const encode = (text: string): string =>
    encodeURIComponent(text)
      .replaceAll('%20', '+')
      .replace(/[!'()~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

  const pairsOf = (init: unknown): Pairs => {
    if (init === undefined || init === null) return [];
    if (typeof init === 'object') {
      const entries: unknown[] =
        Symbol.iterator in init ? Array.from(init as Iterable<unknown>) : Object.entries(init);
      return entries.map((entry) => {
        const [name, value] = Array.isArray(entry) ? entry : [];
        return [String(name), String(value)];
      });
    }
    const text = String(init).replace(/^\?/, '');
    return text
      .split('&')
      .filter((part) => part !== '')
      .map((part) => {
        const at = part.indexOf('=');
        return at < 0
          ? [decode(part), '']
          : [decode(part.slice(0, at)), decode(part.slice(at + 1))];
      });
  };

  const Params = class URLSearchParams {
    #pairs: Pairs;
    /** Tells the URL that these are the query of. */
    #changed: (() => void) | undefined;
    constructor(init?: unknown) {
      this.#pairs = pairsOf(init);
    }
    static bound(init: string, changed: () => void): URLSearchParams {
      const made = new URLSearchParams(init);
      made.#changed = changed;
      return made;
    }
    reset(text: string): void {
      this.#pairs = pairsOf(text);
    }
    get size(): number {
      return this.#pairs.length;
    }
    append(name: unknown, value: unknown): void {
      this.#pairs.push([String(name), String(value)]);
      this.#changed?.();
    }
    delete(name: unknown): void {
      this.#pairs = this.#pairs.filter(([key]) => key !== String(name));
      this.#changed?.();
    }
    get(name: unknown): string | null {
      return this.#pairs.find(([key]) => key === String(name))?.[1] ?? null;
    }
    getAll(name: unknown): string[] {
      return this.#pairs.filter(([key]) => key === String(name)).map(([, value]) => value);
    }
    has(name: unknown): boolean {
      return this.#pairs.some(([key]) => key === String(name));
    }
    set(name: unknown, value: unknown): void {
      const at = this.#pairs.findIndex(([key]) => key === String(name));
      const pair: [string, string] = [String(name), String(value)];
      if (at < 0) this.#pairs.push(pair);
      else {
        this.#pairs = this.#pairs.filter(([key], index) => index <= at || key !== pair[0]);
        this.#pairs[at] = pair;
      }
      this.#changed?.();
    }
    sort(): void {
      this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      this.#changed?.();
    }
    forEach(task: (value: string, name: string, all: URLSearchParams) => void): void {
      for (const [name, value] of this.#pairs) task(value, name, this);
    }
    keys(): IterableIterator<string> {
      return this.#pairs.map(([name]) => name).values();
    }
    values(): IterableIterator<string> {
      return this.#pairs.map(([, value]) => value).values();
    }
    entries(): IterableIterator<[string, string]> {
      return this.#pairs.map(([name, value]): [string, string] => [name, value]).values();
    }
    [Symbol.iterator](): IterableIterator<[string, string]> {
      return this.entries();
    }
    toString(): string {
      return this.#pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
    }
  };

  const parts = 'href protocol username password host hostname port pathname search hash origin';
  const Address = class URL {
    #parts: Record<string, string>;
    readonly searchParams: InstanceType<typeof Params>;
    constructor(address: unknown, base?: unknown) {
      const text = base === undefined ? undefined : String(base);
      this.#parts = URL.#read(call('url', String(address), text));
      this.searchParams = Params.bound(this.#parts['search'] ?? '', () => {
        const query = this.searchParams.toString();
        this.#parts = URL.#read(call('url.set', this.#parts['href'], 'search', query));
      });
    }
    static canParse(address: unknown, base?: unknown): boolean {
      try {
        return new URL(address, base) instanceof URL;
      } catch {
        // That it throws is the answer.
        return false;
      }
    }
    static #read(answer: unknown): Record<string, string> {
      const read: Record<string, string> = {};
      for (const [name, value] of Object.entries(answer ?? {})) read[name] = String(value);
      return read;
    }
    part(name: string): string {
      return this.#parts[name] ?? '';
    }
    change(name: string, value: unknown): void {
      this.#parts = URL.#read(call('url.set', this.#parts['href'], name, String(value)));
      this.searchParams.reset(this.#parts['search'] ?? '');
    }
    toString(): string {
      return this.part('href');
    }
    toJSON(): string {
      return this.part('href');
    }
  };
  for (const name of parts.split(' ')) {
    Object.defineProperty(Address.prototype, name, {
      get(this: InstanceType<typeof Address>) {
        return this.part(name);
      },
      ...(name === 'origin'
        ? {}
        : {
            set(this: InstanceType<typeof Address>, value: unknown) {
              this.change(name, value);
            },
          }),
      enumerable: true,
      configurable: true,
    });
  }
  guest.define('URLSearchParams', Params);
  guest.define('URL', Address);
  guest.modules['url'] = () => ({
    URL: Address,
    parse: (address: unknown, query?: unknown) => {
      const url = new Address(address);
      const read = (name: string): string | null => url.part(name) || null;
      const search = read('search');
      return {
        href: url.part('href'),
        path: url.part('pathname') + url.part('search'),
        ...{ protocol: read('protocol'), host: read('host'), hostname: read('hostname') },
        ...{ port: read('port'), pathname: read('pathname'), search, hash: read('hash') },
        query: query ? Object.fromEntries(url.searchParams) : (search?.slice(1) ?? null),
      };
    },
  });
  guest.modules['querystring'] = () => ({
    parse: (text: unknown) => Object.fromEntries(new Params(String(text))),
    stringify: (values: unknown) => new Params(values).toString().replaceAll('+', '%20'),
  });
}
