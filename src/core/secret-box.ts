import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { isJsonObject, type Json, type JsonObject } from './json.ts';

/**
 * Seals secrets for storage: AES-256-GCM, 96 random bits of nonce. A sealed text is `sealed:1:` and
 * base64url of nonce, tag and ciphertext; it opens only with the same key and the same owner, so that a
 * secret moved to another row stays shut.
 */
export interface SecretBox {
  seal(text: string, owner: string): string;
  /** Undefined: sealed with another key or for another owner, or damaged. */
  open(sealed: string, owner: string): string | undefined;
}

const prefix = 'sealed:1:';
const nonceBytes = 12;
const tagBytes = 16;

export function isSealed(value: Json | undefined): value is string {
  return typeof value === 'string' && value.startsWith(prefix);
}

/** `secret` is any long text that nobody can guess: what the operator sets, or what was made at random. */
export function createSecretBox(secret: string): SecretBox {
  const key = Buffer.from(hkdfSync('sha256', secret, 'tributary', 'secrets at rest', 32));
  return {
    seal: (text, owner) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(Buffer.from(owner));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return prefix + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open: (sealed, owner) => {
      const bytes = Buffer.from(sealed.slice(prefix.length), 'base64url');
      if (bytes.length < nonceBytes + tagBytes) return undefined;
      const nonce = bytes.subarray(0, nonceBytes);
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(owner));
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      try {
        const start = decipher.update(bytes.subarray(nonceBytes + tagBytes));
        return Buffer.concat([start, decipher.final()]).toString('utf8');
      } catch {
        // The tag does not fit: another key, another owner, or damage.
        return undefined;
      }
    },
  };
}

/** Settings with their sealed values opened. One that cannot be opened is left out. */
export function openSettings(box: SecretBox, settings: JsonObject, owner: string): JsonObject {
  if (!Object.values(settings).some(isSealed)) return settings;
  const opened = Object.entries(settings).map(
    ([name, value]) => [name, isSealed(value) ? box.open(value, owner) : value] as const,
  );
  return Object.fromEntries(opened.filter(([, value]) => value !== undefined));
}

/** The same for settings of functions, whose values of any type are sealed as JSON text. */
export function openJsonSettings(box: SecretBox, settings: JsonObject, owner: string): JsonObject {
  const opened = Object.entries(settings).flatMap(([name, value]) => {
    if (!isSealed(value)) return [[name, value] as const];
    const text = box.open(value, owner);
    return text === undefined ? [] : [[name, JSON.parse(text)] as const];
  });
  return Object.fromEntries(opened);
}

/** Settings with the named ones sealed; what is sealed already stays as it is. */
export function sealSettings(
  box: SecretBox,
  settings: JsonObject,
  owner: string,
  secretNames: ReadonlySet<string>,
): JsonObject {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      const seals =
        secretNames.has(name) && typeof value === 'string' && value !== '' && !isSealed(value);
      return [name, seals ? box.seal(value, owner) : value];
    }),
  );
}

/** Whether anything in the settings is sealed and cannot be opened with this key. */
export function hasForeignSecret(box: SecretBox, settings: Json, owner: string): boolean {
  if (!isJsonObject(settings)) return false;
  return Object.values(settings).some(
    (value) => isSealed(value) && box.open(value, owner) === undefined,
  );
}
