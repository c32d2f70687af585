import { open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Logger } from '../../core/logger.ts';
import type { Answers } from '../answers.ts';
import { problems } from '../problems.ts';
import type { Handler, PathRoute } from '../route.ts';
import { type FileKind, fileHeaders, hasTag, javascript, takesGzip } from '../send-file.ts';
import { DeviceBundles, type DeviceFile } from './device-bundles.ts';

interface BundleDeps {
  readonly answers: Answers;
  readonly logger: Logger;
  /** Those that come with Tributary, unless a test has others. */
  readonly bundles?: DeviceBundles;
}

/** Their names are hashes of their content. */
const kind: FileKind = { type: javascript, caching: 'public, max-age=31536000, immutable' };

/**
 * `GET /next-integrations/actions/<destination>/<hash>.js`: the scripts with which analytics.js delivers from the
 * page, at the path Segment's CDN has them. Streamed from disk; a file that is not as published is never sent.
 */
export function deviceBundleRoute({
  answers,
  logger,
  bundles = new DeviceBundles(),
}: BundleDeps): PathRoute {
  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    [folder = '', name = '']: readonly string[],
  ): Promise<void> {
    const file = await bundles.find(folder, name);
    if (file === undefined) return answers.problem(response, problems.notFound);
    if (!(await bundles.isIntact(file))) {
      logger.error({ file: file.path }, 'a bundle is not as it was published, and is not sent');
      return answers.problem(response, problems.internal);
    }
    await send(request, response, file);
  }

  const handle: Handler = (request, response, match) => {
    answer(request, response, match).catch((err: unknown) => {
      // The client has left, or the file is not readable.
      if (response.destroyed) return;
      logger.error({ err }, 'a bundle cannot be read');
      if (response.headersSent) response.destroy();
      else answers.problem(response, problems.internal);
    });
  };
  return {
    path: /^\/next-integrations\/actions\/([\w-]+)\/([\w-]+\.js)$/,
    route: { method: 'GET', handle },
  };
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { path, bytes, integrity }: DeviceFile,
): Promise<void> {
  const tag = `W/"${integrity.slice(-22)}"`;
  const headers = fileHeaders(tag, kind);
  if (hasTag(request, tag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const isPacked = takesGzip(request);
  const handle = await open(path);
  try {
    const length = isPacked ? (await handle.stat()).size : bytes;
    if (isPacked) headers.push('Content-Encoding', 'gzip');
    headers.push('Content-Type', kind.type, 'Content-Length', String(length));
    response.writeHead(200, headers);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const file = handle.createReadStream({ autoClose: false });
    await (isPacked ? pipeline(file, response) : pipeline(file, createGunzip(), response));
  } finally {
    await handle.close();
  }
}
