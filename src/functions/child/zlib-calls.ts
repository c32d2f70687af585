import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateRawSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateRawSync,
  inflateSync,
  unzipSync,
} from 'node:zlib';
import { limits } from '../../core/limits.ts';
import type { HostOperation } from './host-operation.ts';
import { bytesOf, CallProblem, textOf } from './read-call.ts';

const maxOutputLength = limits.functionHostBytes;

const works: Readonly<Record<string, (data: Uint8Array, level: number | undefined) => Uint8Array>> =
  {
    deflate: (data, level) => deflateSync(data, { maxOutputLength, ...leveled(level) }),
    inflate: (data) => inflateSync(data, { maxOutputLength }),
    deflateRaw: (data, level) => deflateRawSync(data, { maxOutputLength, ...leveled(level) }),
    inflateRaw: (data) => inflateRawSync(data, { maxOutputLength }),
    gzip: (data, level) => gzipSync(data, { maxOutputLength, ...leveled(level) }),
    gunzip: (data) => gunzipSync(data, { maxOutputLength }),
    unzip: (data) => unzipSync(data, { maxOutputLength }),
    brotliCompress: (data) => brotliCompressSync(data, { maxOutputLength }),
    brotliDecompress: (data) => brotliDecompressSync(data, { maxOutputLength }),
  };

function leveled(level: number | undefined): { level?: number } {
  return level === undefined ? {} : { level };
}

export const zlibCalls: Readonly<Record<string, HostOperation>> = {
  zlib: ([name, data, level]) => {
    const work = Object.hasOwn(works, textOf(name)) ? works[textOf(name)] : undefined;
    if (work === undefined) throw new CallProblem(`zlib has no ${textOf(name)}`);
    return work(bytesOf(data), typeof level === 'number' ? level : undefined);
  },
};
