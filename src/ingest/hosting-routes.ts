import type { ServerResponse } from 'node:http';
import type { Logger } from '../core/logger.ts';
import type { Answers } from './answers.ts';
import type { Clients } from './client/clients.ts';
import { PersonalScripts } from './personal-script.ts';
import { problems } from './problems.ts';
import { projectSettings } from './project-settings.ts';
import type { Handler, PathRoute } from './route.ts';
import { type ScriptFile, ScriptFiles } from './script-files.ts';
import { sendScript } from './send-script.ts';
import type { SourceRegistry } from './source-registry.ts';

export interface Hosting {
  readonly sources: SourceRegistry;
  readonly answers: Answers;
  readonly logger: Logger;
  readonly clients: Clients;
}

/** A new write key or setting shows within a minute; chunks have a hash in their name and never change. */
const briefly = 'public, max-age=60';
const forever = 'public, max-age=31536000, immutable';

/** What a page needs of a CDN: settings, analytics.js and its chunks (spec tracking-api §2.5, §2.6). */
export function hostingRoutes({ sources, answers, clients, logger }: Hosting): PathRoute[] {
  const files = new ScriptFiles();
  const scripts = new PersonalScripts(files, clients.publicUrl);

  const settings: Handler = (request, response, [writeKey = '']) => {
    if (sources.byKey(writeKey) === undefined) {
      return answers.problem(response, sources.regionProblem(writeKey) ?? problems.unknownKey);
    }
    const body = JSON.stringify(projectSettings(writeKey, clients.origin(request)));
    const headers = [
      ...['Content-Type', 'application/json', 'Content-Length', String(Buffer.byteLength(body))],
      ...['Cache-Control', briefly, 'Vary', 'Host', 'Access-Control-Allow-Origin', '*'],
      ...answers.standardRate,
    ];
    response.writeHead(200, headers).end(body);
  };

  const script: Handler = (request, response, [writeKey = '']) => {
    if (sources.byKey(writeKey) === undefined) {
      return answers.problem(response, sources.regionProblem(writeKey) ?? problems.unknownKey);
    }
    answer(response, scripts.script(writeKey), (file) =>
      sendScript(request, response, file, briefly),
    );
  };

  const chunk: Handler = (request, response, [name = '']) => {
    const caching = /\.[0-9a-f]{16,}\.js$/.test(name) ? forever : briefly;
    answer(response, files.file(name), (file) => sendScript(request, response, file, caching));
  };

  function answer(
    response: ServerResponse,
    wanted: Promise<ScriptFile | undefined>,
    send: (file: ScriptFile) => void,
  ): void {
    wanted.then(
      (file) => (file === undefined ? absent(response) : send(file)),
      (err: unknown) => {
        logger.error({ err }, 'analytics.js cannot be read from the installed package');
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
    { path: /^\/analytics-next\/bundles\/([\w.-]+\.js)$/, route: { method: 'GET', handle: chunk } },
  ];
}
