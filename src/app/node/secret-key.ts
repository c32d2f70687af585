import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TributaryError } from '../../core/errors.ts';
import { createSecretBox, type SecretBox } from '../../core/secret-box.ts';
import type { Config } from '../config/config.ts';
import { replaceFile } from './replace-file.ts';

const bytes = 32;

/** The file of the secret key in the data folder: 32 random bytes as hex, readable by its owner only. */
function keyFile(config: Config): string {
  return join(config.data, 'secret-key');
}

/** The control process: its secret key is the configured one, else that of the file, which is made if need be. */
export function makeSecretBox(config: Config): SecretBox {
  if (config.secretKey === undefined && !existsSync(keyFile(config))) {
    replaceFile(keyFile(config), `${randomBytes(bytes).toString('hex')}\n`);
  }
  return readSecretBox(config);
}

/** The other processes: as `makeSecretBox`, and the file must be there. Throws `config_invalid`. */
export function readSecretBox(config: Config): SecretBox {
  if (config.secretKey !== undefined) return createSecretBox(config.secretKey);
  let text: string;
  try {
    text = readFileSync(keyFile(config), 'utf8').trim();
  } catch (cause) {
    const message =
      'This node has no secret key to open the settings with: give it the TRIBUTARY_SECRET_KEY of the node that runs the control role.';
    throw new TributaryError('config_invalid', message, { cause });
  }
  if (text.length >= bytes) return createSecretBox(text);
  throw new TributaryError(
    'config_invalid',
    `The file ${keyFile(config)} is damaged: put it back from a backup.`,
  );
}
