import type { Logger } from '../../core/logger.ts';
import { oauthSecretOwner } from '../../core/oauth.ts';
import { isSealed, type SecretBox } from '../../core/secret-box.ts';
import type { Snapshot, SnapshotHolder } from '../../core/snapshot.ts';
import { mapSnapshots } from './map-snapshots.ts';

/**
 * The snapshots of a holder with what access tokens are signed with opened, in memory only. Where this node's key does
 * not open it, or there is none, nobody is given a token and none is taken, and the log says why. `readBox` is
 * called when there is a first OAuth app: a node without any needs no key.
 */
export function openedOAuth(
  holder: SnapshotHolder,
  readBox: () => SecretBox,
  logger: Logger,
): SnapshotHolder {
  let last: { readonly sealed: string; readonly secret: string | undefined } | undefined;
  const open = (sealed: string): string | undefined => {
    if (last?.sealed === sealed) return last.secret;
    last = { sealed, secret: openSecret(sealed, readBox, logger) };
    return last.secret;
  };
  return mapSnapshots(holder, (snapshot): Snapshot => {
    const { oauth, ...rest } = snapshot;
    if (oauth === undefined || !isSealed(oauth.secret)) return snapshot;
    const secret = open(oauth.secret);
    return secret === undefined ? rest : { ...rest, oauth: { ...oauth, secret } };
  });
}

function openSecret(sealed: string, readBox: () => SecretBox, logger: Logger): string | undefined {
  const message = 'OAuth is off on this node: give it the TRIBUTARY_SECRET_KEY of the control role';
  try {
    const secret = readBox().open(sealed, oauthSecretOwner);
    if (secret === undefined) logger.error({}, message);
    return secret;
  } catch (err) {
    logger.error({ err }, message);
    return undefined;
  }
}
