import assert from 'node:assert/strict';
import { it } from 'node:test';
import { TributaryError } from '../../core/errors.ts';
import { silentLogger } from '../../core/logger.ts';
import { oauthSecretOwner } from '../../core/oauth.ts';
import { createSecretBox } from '../../core/secret-box.ts';
import type { Snapshot, SnapshotHolder } from '../../core/snapshot.ts';
import { openedOAuth } from './opened-oauth.ts';

const box = createSecretBox('the key of this node, long enough');

function snapshot(secret?: string): Snapshot {
  const workspace = { id: 'w', slug: 'default', name: 'default' };
  const plain = { version: 1, workspace, sources: [], connections: [], replays: [] };
  return secret === undefined ? plain : { ...plain, oauth: { secret, apps: [], revoked: [] } };
}

function holding(current: Snapshot): SnapshotHolder {
  return { current, subscribe: () => () => undefined };
}

/** What of the snapshot is open on a node with this key, and how often the key was asked for. */
function onNode(current: Snapshot, readBox = () => box) {
  const seen = { asked: 0, errors: 0 };
  const read = () => {
    seen.asked += 1;
    return readBox();
  };
  const error = () => {
    seen.errors += 1;
  };
  const opened = openedOAuth(holding(current), read, { ...silentLogger, error });
  assert.equal(opened.current, opened.current);
  return { ...seen, oauth: opened.current.oauth };
}

it('ingest signs with what is sealed on disk and on the bus', () => {
  const { oauth, errors } = onNode(snapshot(box.seal('secret', oauthSecretOwner)));
  assert.equal(oauth?.secret, 'secret');
  assert.equal(errors, 0);
});

it('without an OAuth app no key is needed, and the snapshot of an earlier version still holds', () => {
  assert.deepEqual(onNode(snapshot()), { asked: 0, errors: 0, oauth: undefined });
  assert.equal(onNode(snapshot('plain')).oauth?.secret, 'plain');
});

it('with another key, another owner or no key at all nothing is signed, and the log says so once', () => {
  const other = createSecretBox('the key of another node, as long');
  const noKey = () => {
    throw new TributaryError('config_invalid', 'no key');
  };
  const sealed = snapshot(box.seal('secret', oauthSecretOwner));
  const off = { asked: 1, errors: 1, oauth: undefined };
  assert.deepEqual(
    onNode(sealed, () => other),
    off,
  );
  assert.deepEqual(onNode(sealed, noKey), off);
  assert.deepEqual(onNode(snapshot(box.seal('secret', 'd1'))), off);
});
