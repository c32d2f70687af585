import type { Guest } from './guest.ts';

/** What the host calls. Each returns at once or when the handler is finished, with text. */
export interface GuestEntry {
  /** Hands over the handlers that the code defines. */
  use(handlers: Readonly<Record<string, unknown>>): void;
  /** Runs a handler; the promise is a JSON text of `{value, emitted, logs, logsCut}` or `{error, logs, logsCut}`. */
  run(handler: string, input: string, settings: string, batch: boolean): Promise<string>;
  /** A request has an answer, or a timer is due. */
  resume(id: number, answer: readonly unknown[]): void;
  /** The logs so far, as JSON: of an invocation that was cut off. */
  drain(): string;
}

/** The last part: runs handlers, one at a time in a context. */
export function startGuest(guest: Guest, logLength: number): GuestEntry {
  const { pending, record } = guest;
  const { parse, stringify } = JSON;
  let handlers: Readonly<Record<string, unknown>> = {};

  const requestOf = (text: string): object => {
    const { url, headers, body } = parse(text);
    const list = new Headers(headers);
    const isForm = (list.get('content-type') ?? '').startsWith('application/x-www-form-urlencoded');
    return {
      method: 'POST',
      url: new URL(url),
      headers: list,
      text: () => body,
      json: () => (isForm ? Object.fromEntries(new URLSearchParams(body)) : parse(body)),
    };
  };
  const errorOf = (error: unknown): object => {
    if (!(error instanceof Error)) {
      const text = typeof error === 'string' ? error : (stringify(error) ?? String(error));
      return { name: 'Error', message: text, line: '' };
    }
    const line = /function\.js:(\d+)/.exec(String(error.stack))?.[1] ?? '';
    return { name: String(error.name), message: String(error.message), line };
  };
  const logs = (): object => ({ logs: record.logs, logsCut: record.logsCut });

  return {
    use: (found) => {
      handlers = found;
    },
    run: async (handler, input, settings, batch) => {
      pending.clear();
      record.logs = [];
      record.emitted = [];
      record.logRoom = logLength;
      record.logsCut = false;
      try {
        const work = handlers[handler];
        if (typeof work !== 'function')
          return stringify({ error: { name: 'NoHandler' }, ...logs() });
        const subject = handler === 'onRequest' ? requestOf(input) : parse(input);
        const value: unknown = await work(subject, parse(settings));
        const isList = batch && Array.isArray(value);
        return stringify({ value, isList, emitted: record.emitted, ...logs() });
      } catch (error) {
        return stringify({ error: errorOf(error), ...logs() });
      }
    },
    resume: (id, answer) => {
      const task = pending.get(id);
      pending.delete(id);
      task?.(...answer);
    },
    drain: () => stringify(logs()),
  };
}
