import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSign,
  createVerify,
  getCiphers,
  getHashes,
  pbkdf2Sync,
  randomBytes,
  randomInt,
  randomUUID,
  timingSafeEqual,
} from 'node:crypto';
import type { HostOperation } from './host-operation.ts';
import { bytesOf, keyOf, numberOf, textOf } from './read-call.ts';

/** Work of one key derivation: about a tenth of a second. */
const mostRounds = 200_000;

/** `crypto` of functions: each computes on what it is given, and nothing else. */
export const cryptoCalls: Readonly<Record<string, HostOperation>> = {
  hash: ([name, data]) => createHash(textOf(name)).update(bytesOf(data)).digest(),
  hmac: ([name, key, data]) =>
    createHmac(textOf(name), bytesOf(key)).update(bytesOf(data)).digest(),
  sign: ([name, data, key]) => createSign(textOf(name)).update(bytesOf(data)).sign(keyOf(key)),
  verify: ([name, data, key, signature]) =>
    createVerify(textOf(name)).update(bytesOf(data)).verify(keyOf(key), bytesOf(signature)),
  cipher: ([direction, name, key, iv, data, aad, tag]) => {
    const vector = iv === null ? null : bytesOf(iv);
    const algorithm = textOf(name);
    const isSealed = /gcm|ocb|ccm|poly1305/i.test(algorithm);
    if (direction === 'encipher') {
      const cipher = createCipheriv(algorithm, bytesOf(key), vector);
      if (aad !== undefined && 'setAAD' in cipher) sealing(cipher).setAAD(bytesOf(aad));
      const sealed = Buffer.concat([cipher.update(bytesOf(data)), cipher.final()]);
      return { data: sealed, tag: isSealed ? sealing(cipher).getAuthTag() : null };
    }
    const decipher = createDecipheriv(algorithm, bytesOf(key), vector);
    if (aad !== undefined && 'setAAD' in decipher) opening(decipher).setAAD(bytesOf(aad));
    if (tag !== undefined) opening(decipher).setAuthTag(bytesOf(tag));
    return { data: Buffer.concat([decipher.update(bytesOf(data)), decipher.final()]), tag: null };
  },
  pbkdf2: ([password, salt, rounds, size, hash]) => {
    const length = numberOf(size, 1, 1_024);
    const most = Math.max(1, Math.floor(mostRounds / Math.ceil(length / 20)));
    const times = numberOf(rounds, 1, most);
    return pbkdf2Sync(bytesOf(password), bytesOf(salt), times, length, textOf(hash));
  },
  random: ([size]) => randomBytes(numberOf(size, 0, 64 * 1024)),
  randomInt: ([low, high]) =>
    high === undefined
      ? randomInt(numberOf(low, 1, 2 ** 47))
      : randomInt(numberOf(low, -(2 ** 46), 2 ** 46), numberOf(high, -(2 ** 46), 2 ** 46)),
  uuid: () => randomUUID(),
  equal: ([a, b]) => timingSafeEqual(bytesOf(a), bytesOf(b)),
  hashes: () => getHashes(),
  ciphers: () => getCiphers(),
};

interface Sealing {
  setAAD(data: Uint8Array): unknown;
  getAuthTag(): Buffer;
}
interface Opening {
  setAAD(data: Uint8Array): unknown;
  setAuthTag(tag: Uint8Array): unknown;
}

/** The types of Node know the modes of a cipher by its literal name only. */
function sealing(cipher: object): Sealing {
  return cipher as Sealing;
}

function opening(decipher: object): Opening {
  return decipher as Opening;
}
