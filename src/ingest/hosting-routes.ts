import type { ServerResponse } from 'node:http';
import type { Logger } from '../core/logger.ts';
import type { SnapshotHolder } from '../core/snapshot.ts';
import type { Answers } from './answers.ts';
import type { Clients } from './client/clients.ts';
import { deviceBundleRoute } from './device-mode/device-bundle-route.ts';
import { PersonalScripts } from './personal-script.ts';
import { problems } from './problems.ts';
import type { Handler, PathRoute } from './route.ts';
import { type ScriptFile, ScriptFiles } from './script-files.ts';
import { type FileKind, javascript, sendFile } from './send-file.ts';
import { SettingsFiles } from './settings/settings-files.ts';
import type { SourceRegistry } from './source-registry.ts';

export interface Hosting {
  readonly sources: SourceRegistry;
  readonly snapshot: SnapshotHolder;
  readonly answers: Answers;
  readonly logger: Logger;
  readonly clients: Clients;
}

/** A new write key or setting shows within a minute; chunks have a hash in their name and never change. */
const briefly: FileKind = { type: javascript, caching: 'public, max-age=60' };
const forever: FileKind = { type: javascript, caching: 'public, max-age=31536000, immutable' };
const document: FileKind = { ...briefly, type: 'application/json', vary: 'Host' };

/** What a page needs of a CDN: settings, analytics.js and its chunks (spec tracking-api §2.5, §2.6). */
export function hostingRoutes({
  sources,
  snapshot,
  answers,
  clients,
  logger,
}: Hosting): PathRoute[] {
  const files = new ScriptFiles();
  const settingsFiles = new SettingsFiles(snapshot);
  const scripts = new PersonalScripts(files, clients.publicUrl);

  const settings: Handler = (request, response, [writeKey = '']) => {
    const key = sources.byKey(writeKey);
    if (key === undefined) {
      return answers.problem(response, sources.regionProblem(writeKey) ?? problems.unknownKey);
    }
    answer(response, settingsFiles.file(key, clients.origin(request)), (file) =>
      sendFile(request, response, file, { ...document, extra: answers.standardRate }),
    );
  };

  const script: Handler = (request, response, [writeKey = '']) => {
    if (sources.byKey(writeKey) === undefined) {
      return answers.problem(response, sources.regionProblem(writeKey) ?? problems.unknownKey);
    }
    answer(response, scripts.script(writeKey), (file) =>
      sendFile(request, response, file, briefly),
    );
  };

  const chunk: Handler = (request, response, [name = '']) => {
    const caching = /\.[0-9a-f]{16,}\.js$/.test(name) ? forever : briefly;
    answer(response, files.file(name), (file) => sendFile(request, response, file, caching));
  };

  function answer(
    response: ServerResponse,
    wanted: Promise<ScriptFile | undefined>,
    send: (file: ScriptFile) => void,
  ): void {
    wanted.then(
      (file) => (file === undefined ? absent(response) : send(file)),
      (err: unknown) => {
        logger.error({ err }, 'analytics.js or its settings cannot be read');
        answers.problem(response, problems.internal);
      },
    );
  }

  function absent(response: ServerResponse): void {
    answers.problem(response, problems.notFound);
  }

  return [
    { path: /^\/v1\/projects\/([^/]+)\/settings$/, route: { method: 'GET', handle: settings } },
    {
      path: /^\/analytics\.js\/v1\/([^/]+)\/(?:platform\/)?analytics(?:\.min)?\.js$/,
      route: { method: 'GET', handle: script },
    },
    deviceBundleRoute({ answers, logger }),
    { path: /^\/analytics-next\/bundles\/([\w.-]+\.js)$/, route: { method: 'GET', handle: chunk } },
  ];
}
