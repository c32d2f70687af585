import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Clock } from '../../../core/clock.ts';
import { TributaryError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { ObjectStore } from '../../../core/object-store.ts';
import type { WarehouseTestResult } from '../../../core/warehouse.ts';
import type { OpenWarehouseOptions, Warehouse } from '../../../core/warehouse-engine.ts';
import { openDiskObjects } from '../../objects/disk/open-disk-objects.ts';
import { LakeDatabase } from './lake-database.ts';
import { LakeManifest } from './lake-manifest.ts';
import { fetchedFiles, filesInFolder } from './local-files.ts';
import { ParquetLake } from './parquet-lake.ts';

/** Opens the lake, or begins it. */
export async function openLake(
  settings: JsonObject,
  options: OpenWarehouseOptions,
  clock: Clock,
): Promise<Warehouse> {
  const tempFolder = join(options.tempFolder, 'lake');
  mkdirSync(tempFolder, { recursive: true });
  const folder = lakeFolder(settings, options.dataFolder);
  await using opened = new AsyncDisposableStack();
  const store = await openStore(settings, folder, clock);
  opened.defer(() => store.close());
  const manifest = new LakeManifest(store);
  await manifest.open();
  const database = await LakeDatabase.open(tempFolder);
  opened.defer(() => database.close());
  const files =
    folder === undefined ? fetchedFiles(store, join(tempFolder, 'fetched')) : filesInFolder(folder);
  opened.move();
  return new ParquetLake({ store, manifest, database, files, tempFolder, logger: options.logger });
}

/** Whether objects can be written, read and deleted there. */
export async function testLake(
  settings: JsonObject,
  dataFolder: string,
  clock: Clock,
): Promise<WarehouseTestResult> {
  const folder = lakeFolder(settings, dataFolder);
  const key = 'manifest/connection-test';
  try {
    const store = await openStore(settings, folder, clock);
    try {
      await store.put(key, Buffer.from('A test of the connection'));
      await store.get(key);
      await store.delete(key);
    } finally {
      await store.close();
    }
    return { ok: true };
  } catch (error) {
    if (!(error instanceof TributaryError)) throw error;
    return { ok: false, message: error.message };
  }
}

async function openStore(
  settings: JsonObject,
  folder: string | undefined,
  clock: Clock,
): Promise<ObjectStore> {
  if (folder !== undefined) return openDiskObjects(folder, clock);
  const text = (name: string) => {
    const value = settings[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const bucket = text('bucket');
  if (bucket === undefined) {
    const message = 'The lake needs a bucket, or a folder: set "bucket" or "path"';
    throw new TributaryError('warehouse_failed', message);
  }
  const { openS3Objects } = await import('../../objects/s3/open-s3-objects.ts');
  const endpoint = text('endpoint');
  const [accessKeyId, secretAccessKey] = [text('accessKeyId'), text('secretAccessKey')];
  const prefix = (text('prefix') ?? '').replace(/^\/+|\/+$/g, '');
  return openS3Objects({
    bucket,
    prefix: prefix === '' ? '' : `${prefix}/`,
    region: text('region'),
    endpoint,
    pathStyle: endpoint !== undefined,
    login:
      accessKeyId === undefined || secretAccessKey === undefined
        ? undefined
        : { accessKeyId, secretAccessKey },
  });
}

/** Undefined: the lake is in a bucket. */
function lakeFolder(settings: JsonObject, dataFolder: string): string | undefined {
  const path = settings['path'];
  return typeof path === 'string' && path !== '' ? resolve(dataFolder, path) : undefined;
}
