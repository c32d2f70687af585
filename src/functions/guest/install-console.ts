import type { Guest } from './guest.ts';

/** `console`: what is logged goes with the report of the invocation, up to a bound. */
export function installConsole(guest: Guest): void {
  const { record } = guest;
  const show = (value: unknown, top: boolean): string => {
    if (typeof value === 'string') return top ? value : JSON.stringify(value);
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'function') return `[Function: ${value.name || 'anonymous'}]`;
    if (typeof value !== 'object' || value === null) return String(value);
    if (value instanceof Error) return value.stack ?? `${value.name}: ${value.message}`;
    const above: unknown[] = [];
    const text = JSON.stringify(value, function (this: unknown, _key, inner: unknown) {
      if (typeof inner === 'bigint') return `${inner}n`;
      if (typeof inner === 'function') return `[Function: ${inner.name || 'anonymous'}]`;
      if (typeof inner !== 'object' || inner === null) return inner;
      while (above.length > 0 && above.at(-1) !== this) above.pop();
      if (above.includes(inner)) return '[Circular]';
      above.push(inner);
      if (inner instanceof Map) return { Map: [...inner] };
      if (inner instanceof Set) return { Set: [...inner] };
      if (inner instanceof Error) return `${inner.name}: ${inner.message}`;
      return inner;
    });
    return text ?? String(value);
  };
  const format = (values: readonly unknown[]): string => {
    const [first, ...rest] = values;
    if (typeof first !== 'string' || !/%[sdifjoOc%]/.test(first)) {
      return values.map((value) => show(value, true)).join(' ');
    }
    const text = first.replace(/%([sdifjoOc%])/g, (sign, letter: string) => {
      if (letter === '%') return '%';
      if (rest.length === 0) return sign;
      const value = rest.shift();
      if (letter === 'c') return '';
      if (letter === 'd' || letter === 'f') return String(Number(value));
      if (letter === 'i') return String(Math.trunc(Number(value)));
      return show(value, letter === 's');
    });
    return [text, ...rest.map((value) => show(value, true))].join(' ');
  };
  const write =
    (level: string) =>
    (...values: readonly unknown[]): void => {
      if (record.logRoom <= 0) {
        record.logsCut = true;
        return;
      }
      let text: string;
      try {
        text = format(values);
      } catch {
        // What cannot be shown, such as a getter that throws, must not end the function.
        text = '[a value that cannot be shown]';
      }
      if (text.length > record.logRoom) record.logsCut = true;
      record.logs.push({ level, text: text.slice(0, record.logRoom) });
      record.logRoom -= Math.max(text.length, 1);
    };
  const assertion = (holds: unknown, ...values: readonly unknown[]): void => {
    if (!holds) write('error')('Assertion failed', ...values);
  };
  const nothing = (): void => undefined;
  guest.define('console', {
    log: write('log'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    debug: write('debug'),
    trace: write('debug'),
    dir: (value: unknown) => write('log')(value),
    table: write('log'),
    assert: assertion,
    ...{
      group: write('log'),
      groupEnd: nothing,
      time: nothing,
      timeEnd: nothing,
      timeLog: nothing,
    },
  });
}
