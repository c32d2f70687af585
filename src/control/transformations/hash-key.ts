import { isSealed, type SecretBox } from '../../core/secret-box.ts';
import type { TransformationWork } from '../../core/transformations/transformation-config.ts';
import { isMasked, maskSecret } from '../catalog/masked.ts';

/** The work as it is stored: the key of its hash sealed. A masked one that is written back leaves the stored one. */
export function sealedWork(
  secrets: SecretBox,
  id: string,
  work: TransformationWork,
  stored: TransformationWork = {},
): TransformationWork {
  const key = work.hashPropertiesConfiguration?.key;
  if (key === undefined || key === '' || isSealed(key)) return work;
  const before = stored.hashPropertiesConfiguration?.key;
  return withKey(work, isMasked(key) ? before : secrets.seal(key, id));
}

/** The work as it is shown: the key of its hash masked. */
export function shownWork(
  secrets: SecretBox,
  id: string,
  work: TransformationWork,
): TransformationWork {
  const key = work.hashPropertiesConfiguration?.key;
  if (!isSealed(key)) return work;
  const opened = secrets.open(key, id);
  return withKey(work, opened === undefined ? undefined : maskSecret(opened));
}

function withKey(work: TransformationWork, key: string | undefined): TransformationWork {
  const { hashPropertiesConfiguration: hash } = work;
  if (hash === undefined) return work;
  const { key: _old, ...rest } = hash;
  return {
    ...work,
    hashPropertiesConfiguration: { ...rest, ...(key !== undefined && { key }) },
  };
}
