import { resolve } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { TributaryError } from '../core/errors.ts';
import type { ObjectStore } from '../core/object-store.ts';

/**
 * Opens the store behind a URL: `file:<folder>`, made if it is not there, or `s3://…` (`parseS3Url`), whose
 * client loads here. Rejects with `config_invalid`, or `object_store_failed` when the folder cannot be made.
 */
export async function openObjectStore(
  url: string,
  { clock }: { readonly clock: Clock },
): Promise<ObjectStore> {
  const [, scheme, rest = ''] = /^(\w+):(.*)$/s.exec(url) ?? [];
  if (scheme === 'file') {
    const { openDiskObjects } = await import('./objects/disk/open-disk-objects.ts');
    return openDiskObjects(resolve(rest), clock);
  }
  if (scheme === 's3') {
    const { parseS3Url } = await import('./objects/s3/s3-url.ts');
    const place = parseS3Url(url);
    const { openS3Objects } = await import('./objects/s3/open-s3-objects.ts');
    return openS3Objects(place);
  }
  throw new TributaryError('config_invalid', `There is no object store for ${scheme ?? url}:`);
}
