import type { Guest, HostCall } from './guest.ts';

/** The ground of the other parts: how globals are made, how the host is asked, how libraries load. */
export function createGuest(raw: HostCall, logLength: number): Guest {
  const compile = Function;
  const scope = globalThis;
  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics']) {
    Reflect.deleteProperty(scope, name);
  }

  const define = (name: string, value: unknown): void => {
    Object.defineProperty(scope, name, { value, configurable: true, writable: true });
  };
  const lazy = (name: string, make: () => unknown): void => {
    Object.defineProperty(scope, name, {
      configurable: true,
      get: () => {
        const value = make();
        define(name, value);
        return value;
      },
      set: (value) => define(name, value),
    });
  };

  const call: HostCall = (operation, ...values) => {
    const answer = raw(operation, ...values);
    if (typeof answer !== 'object' || answer === null || !('problem' in answer)) return answer;
    const { problem, ...facts } = answer;
    throw Object.assign(new TypeError(String(problem)), facts);
  };

  const loaded = new Map<string, { exports: unknown }>();
  const modules: Record<string, () => unknown> = {};
  const load = (from: string, name: string): unknown => {
    const known = loaded.get(name) ?? undefined;
    if (known !== undefined) return known.exports;
    const make = Object.hasOwn(modules, name) ? modules[name] : undefined;
    if (make !== undefined) {
      const made = { exports: make() };
      loaded.set(name, made);
      return made.exports;
    }
    const found = call('module', from, name);
    if (typeof found !== 'object' || found === null) return undefined;
    if (!('path' in found && 'text' in found)) return undefined;
    const path = String(found.path);
    const before = loaded.get(path);
    if (before !== undefined) return before.exports;
    const module = { exports: {} };
    loaded.set(path, module);
    const body = new compile('module', 'exports', 'require', 'global', String(found.text));
    body.call(module.exports, module, module.exports, (next: string) => load(path, next), scope);
    return module.exports;
  };

  return {
    define,
    lazy,
    call,
    modules,
    pending: new Map(),
    require: (name) => load('', name),
    record: { logs: [], logRoom: logLength, logsCut: false, emitted: [] },
  };
}
