import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';

/** One URL events are posted to. */
export interface Hook {
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface WebhookSettings {
  /** 1 to 5, each URL once. */
  readonly hooks: readonly Hook[];
  /** '' when requests are not signed. */
  readonly sharedSecret: string;
  /** One success is enough (Segment's rule), instead of every URL on its own. */
  readonly anyUrl: boolean;
}

export type SettingsResult =
  | { readonly ok: true; readonly settings: WebhookSettings }
  | { readonly ok: false; readonly problem: string };

const hooksMost = 5;
/** Headers that the connection itself owns. */
const ownHeaders = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'upgrade',
  'expect',
  'te',
  'trailer',
]);

/**
 * Reads the settings. `hooks` is a URL, or a list of URLs, of `{hook}` or of `{url}`, each object with
 * its own `headers`; Segment's `globalHook` is one more URL. Headers are an object of texts or a
 * list of `{key, value}`; a hook's own win over the common ones.
 */
export function readWebhookSettings(settings: JsonObject): SettingsResult {
  const listed = Array.isArray(settings['hooks']) ? settings['hooks'] : [settings['hooks']];
  const common = readHeaders(settings['headers']);
  if (typeof common === 'string') return { ok: false, problem: `headers: ${common}` };
  const hooks = new Map<string, Hook>();
  for (const entry of [...listed, settings['globalHook']]) {
    if (isBlank(entry)) continue;
    const hook = readHook(entry, common);
    if (typeof hook === 'string') return { ok: false, problem: `hooks: ${hook}` };
    hooks.set(hook.url, hook);
  }
  if (hooks.size === 0) return { ok: false, problem: 'hooks: at least one URL is needed' };
  if (hooks.size > hooksMost) return { ok: false, problem: `hooks: at most ${hooksMost} URLs` };
  const secret = settings['sharedSecret'];
  return {
    ok: true,
    settings: {
      hooks: [...hooks.values()],
      sharedSecret: typeof secret === 'string' ? secret : '',
      anyUrl: settings['anyUrl'] === true,
    },
  };
}

function isBlank(entry: Json | undefined): boolean {
  const url = isJsonObject(entry) ? (entry['hook'] ?? entry['url']) : entry;
  return url === undefined || url === null || url === '';
}

/** A string is the problem. */
function readHook(entry: Json | undefined, common: Hook['headers']): Hook | string {
  const url = isJsonObject(entry) ? (entry['hook'] ?? entry['url']) : entry;
  if (typeof url !== 'string' || !isHttpUrl(url)) return `not an http(s) URL: ${String(url)}`;
  const own = readHeaders(isJsonObject(entry) ? entry['headers'] : undefined);
  if (typeof own === 'string') return own;
  return { url, headers: { ...common, ...own } };
}

function isHttpUrl(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** A string is the problem. Rows with an empty key are left out: the form starts with one. */
function readHeaders(value: Json | undefined): Hook['headers'] | string {
  const headers: Record<string, string> = Object.create(null);
  for (const [key, text] of headerPairs(value)) {
    if (key === '') continue;
    const name = key.toLowerCase();
    if (ownHeaders.has(name)) return `${key} cannot be set`;
    const problem = headerProblem(name, text);
    if (problem !== undefined) return problem;
    headers[name] = text;
  }
  return { ...headers };
}

function headerPairs(value: Json | undefined): (readonly [key: string, text: string])[] {
  if (Array.isArray(value)) {
    return value
      .filter(isJsonObject)
      .map((row) => [textOf(row['key']), textOf(row['value'])] as const);
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).map(([key, text]) => [key, textOf(text)] as const);
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : value == null ? '' : JSON.stringify(value);
}

function headerProblem(name: string, text: string): string | undefined {
  try {
    new Headers([[name, text]]);
    return undefined;
  } catch {
    return `${JSON.stringify(name)} is not a header that can be sent`;
  }
}
