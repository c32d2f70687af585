import { readFileSync } from 'node:fs';
import { parseAddressBlock } from '../../core/address-block.ts';
import { isRegion } from '../../core/region.ts';
import type { ConfigKey, Environment } from './config-schema.ts';

type Read =
  | { readonly ok: true; readonly value: string | number | boolean }
  | { readonly ok: false; readonly problem: string };

/** What an Authorization header can carry as it is (RFC 6750 §2.1); a colon would end a write key. */
const sendable = /^[\w.~+/-]+=*$/;

/** Reads one raw value as its key demands. `${NAME}` is replaced from the environment; a secret may be `file:<path>`. */
export function readValue(key: ConfigKey, raw: unknown, environment: Environment): Read {
  const isList = (key.type === 'addresses' || key.type === 'choices') && Array.isArray(raw);
  const given: unknown = isList ? raw.join(',') : raw;
  if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'boolean') {
    return problem('must be a single value');
  }
  let text = String(given).trim();
  const missing: string[] = [];
  text = text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
    const value = environment[name];
    if (value === undefined) missing.push(name);
    return value ?? '';
  });
  if (missing.length > 0) return problem(`refers to ${missing.join(', ')}, which is not set`);
  if (key.secret && text.startsWith('file:')) {
    try {
      text = readFileSync(text.slice('file:'.length), 'utf8').trim();
    } catch (error) {
      return problem(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return readText(key, text);
}

function readText(key: ConfigKey, text: string): Read {
  switch (key.type) {
    case 'string':
      if (!key.secret || sendable.test(text)) return { ok: true, value: text };
      return problem('must be made of letters, digits and - . _ ~ + / only, with = at the end');
    case 'choice':
      if (key.choices?.includes(text)) return { ok: true, value: text };
      return problem(`must be one of ${key.choices?.join(', ')}`);
    case 'choices':
      return readChoices(text, key.choices ?? []);
    case 'name':
      if (isRegion(text)) return { ok: true, value: text };
      return problem('must be 1 to 16 lower-case letters, digits and -, a letter first');
    case 'addresses':
      return readAddresses(text);
    case 'url':
      return readUrl(text, key.schemes ?? []);
    case 'boolean':
      if (/^(true|1|yes|on)$/i.test(text)) return { ok: true, value: true };
      if (/^(false|0|no|off)$/i.test(text)) return { ok: true, value: false };
      return problem('must be true or false');
    case 'port':
      return readInteger(text, 0, 65_535);
    case 'integer':
      return readInteger(text, key.min ?? 0, key.max ?? Number.MAX_SAFE_INTEGER);
  }
}

function readChoices(text: string, choices: readonly string[]): Read {
  const given = text.split(/[\s,]+/).filter((choice) => choice !== '');
  const wrong = given.find((choice) => !choices.includes(choice));
  if (wrong === undefined) return { ok: true, value: given.join(',') };
  return problem(`must be some of ${choices.join(', ')}, separated by commas; ${wrong} is none`);
}

function readAddresses(text: string): Read {
  const blocks = text.split(/[\s,]+/).filter((block) => block !== '');
  const wrong = blocks.find((block) => parseAddressBlock(block) === undefined);
  if (wrong === undefined) return { ok: true, value: blocks.join(',') };
  return problem(`must be addresses and CIDR blocks, separated by commas; ${wrong} is neither`);
}

function readUrl(text: string, schemes: readonly string[]): Read {
  // `off` and the like.
  if (schemes.includes(text) && !text.includes(':')) return { ok: true, value: text };
  const isUrl = schemes.some((scheme) => text.startsWith(scheme) && text.length > scheme.length);
  // Kafka has several hosts.
  if (isUrl && URL.canParse(text.replace(/,[^/?]*/, ''))) return { ok: true, value: text };
  return problem(
    `must be a URL that begins with ${schemes.filter((scheme) => scheme.includes(':')).join(' or ')}`,
  );
}

function readInteger(text: string, min: number, max: number): Read {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return { ok: true, value };
  return problem(`must be a whole number from ${min} to ${max}`);
}

function problem(text: string): Read {
  return { ok: false, problem: text };
}
