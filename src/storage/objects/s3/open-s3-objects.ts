import { createReadStream } from 'node:fs';
import { stat, unlink } from 'node:fs/promises';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { TributaryError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import type { ObjectStore, OpenedObject } from '../../../core/object-store.ts';
import { checkKey } from '../check-key.ts';
import type { S3Place } from './s3-url.ts';

/** Servers other than AWS take any name. */
const anyRegion = 'us-east-1';

/**
 * Objects of a bucket, below a prefix. Atomicity, durability and conditions (`If-None-Match`, `If-Match`) are those of the
 * far end. Checksums of the newest kind are sent only where an operation requires one: not every server knows them.
 */
export function openS3Objects(place: S3Place): ObjectStore {
  const { bucket, prefix } = place;
  // Without either, the SDK looks for it where it looks for the credentials.
  const region = place.region ?? (place.endpoint === undefined ? undefined : anyRegion);
  const client = new S3Client({
    ...(region !== undefined && { region }),
    ...(place.endpoint !== undefined && { endpoint: place.endpoint }),
    ...(place.login !== undefined && { credentials: place.login }),
    forcePathStyle: place.pathStyle,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: limits.objectAttempts,
    requestHandler: {
      connectionTimeout: limits.connectTimeoutMs,
      requestTimeout: limits.objectTimeoutMs,
      throwOnRequestTimeout: true,
    },
  });
  const at = (key: string) => {
    checkKey(key);
    return { Bucket: bucket, Key: `${prefix}${key}` };
  };

  async function open(key: string): Promise<OpenedObject | undefined> {
    const where = at(key);
    const answer = await unlessAbsent(key, () => client.send(new GetObjectCommand(where)));
    if (answer === undefined) return undefined;
    return { key, ...infoOf(answer), stream: streamOf(key, answer) };
  }

  return {
    place: `s3://${bucket}/${prefix}`,
    open,
    get: async (key) => {
      const opened = await open(key);
      if (opened === undefined) return undefined;
      const { stream, ...info } = opened;
      const parts: Buffer[] = [];
      await translated(key, async () => {
        for await (const part of stream) parts.push(part);
      });
      return { ...info, body: Buffer.concat(parts) };
    },
    find: async (key) => {
      const where = at(key);
      const answer = await unlessAbsent(key, () => client.send(new HeadObjectCommand(where)));
      return answer && { key, ...infoOf(answer) };
    },
    put: async (key, body, { onlyIf } = {}) => {
      const where = at(key);
      const condition =
        onlyIf === undefined
          ? {}
          : onlyIf === 'absent'
            ? { IfNoneMatch: '*' }
            : { IfMatch: onlyIf.etag };
      return translated(key, async () => {
        const isFile = !(body instanceof Uint8Array);
        const content = isFile
          ? { Body: createReadStream(body.file), ContentLength: (await stat(body.file)).size }
          : { Body: body, ContentLength: body.length };
        try {
          const { ETag = '' } = await client.send(
            new PutObjectCommand({ ...where, ...condition, ...content }),
          );
          return { ok: true, etag: ETag };
        } catch (error) {
          if (onlyIf !== undefined && isRefusal(error, onlyIf)) return { ok: false };
          throw error;
        } finally {
          if (isFile) await unlink(body.file);
        }
      });
    },
    async *list(below) {
      let token: string | undefined;
      do {
        const request = {
          Bucket: bucket,
          Prefix: `${prefix}${below}`,
          ...(token !== undefined && { ContinuationToken: token }),
        };
        const page = await translated(below, () => client.send(new ListObjectsV2Command(request)));
        for (const { Key = '', Size = 0, ETag = '' } of page.Contents ?? []) {
          yield { key: Key.slice(prefix.length), bytes: Size, etag: ETag };
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
    delete: async (key) => {
      const where = at(key);
      await translated(key, () => client.send(new DeleteObjectCommand(where)));
    },
    close: async () => client.destroy(),
  };
}

function infoOf({
  ContentLength = 0,
  ETag = '',
}: {
  ContentLength?: number | undefined;
  ETag?: string | undefined;
}) {
  return { bytes: ContentLength, etag: ETag };
}

function streamOf(key: string, { Body }: GetObjectCommandOutput): Readable {
  if (Body instanceof Readable) return Body;
  throw new TributaryError('object_store_failed', `S3 gave no content of ${key}`);
}

async function unlessAbsent<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
  return translated(what, async () => {
    try {
      return await work();
    } catch (error) {
      if (nameOf(error) === 'NoSuchKey' || nameOf(error) === 'NotFound') return undefined;
      throw error;
    }
  });
}

/** The condition did not hold, or another write of the same key came between. */
function isRefusal(error: unknown, onlyIf: 'absent' | object): boolean {
  const name = nameOf(error);
  if (name === 'PreconditionFailed' || name === 'ConditionalRequestConflict') return true;
  return typeof onlyIf === 'object' && (name === 'NoSuchKey' || name === 'NotFound');
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

async function translated<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof TributaryError) throw cause;
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new TributaryError('object_store_failed', `S3 refused ${what}: ${reason}`, { cause });
  }
}
