import type { Clock } from '../../core/clock.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Snapshot, SnapshotHolder } from '../../core/snapshot.ts';
import type { Answers } from '../answers.ts';
import { corsHeaders } from '../cors.ts';
import { basicKey, queryKey } from '../credentials.ts';
import { problems } from '../problems.ts';
import type { Handler, PathRoute } from '../route.ts';
import type { SourceRegistry } from '../source-registry.ts';

interface SourceConfigDeps {
  readonly sources: SourceRegistry;
  readonly snapshot: SnapshotHolder;
  readonly answers: Answers;
  readonly clock: Clock;
}

/**
 * `GET /sourceConfig`, with which RudderStack's browser and mobile SDKs start: the key in a Basic header or as
 * `?writeKey=`. No destination runs in the device, and no statistics are collected about the SDK. A disabled
 * source says so, and its SDKs keep still. SDKs ask at each start, so nothing is cached.
 */
export function sourceConfigRoute(deps: SourceConfigDeps): PathRoute {
  const { sources, answers } = deps;
  const handle: Handler = (request, response) => {
    const { authorization = '', origin } = request.headers;
    const key = basicKey(authorization) ?? queryKey(request.url ?? '');
    const found = key === undefined ? undefined : sources.byKey(key);
    if (found === undefined) {
      return answers.problem(response, sources.regionProblem(key) ?? problems.writeKey);
    }
    const now = new Date(deps.clock.now()).toISOString();
    const config = configOf(deps.snapshot.current, found.source.id, found.text, now);
    const body = JSON.stringify(config);
    response
      .writeHead(200, [
        ...['Content-Type', 'application/json', 'Content-Length', String(Buffer.byteLength(body))],
        ...['Cache-Control', 'no-store', ...answers.standardRate],
        ...(origin === undefined ? [] : corsHeaders(origin)),
      ])
      .end(body);
  };
  return { path: '/sourceConfig', route: { method: 'GET', handle } };
}

function configOf(snapshot: Snapshot, id: string, writeKey: string, now: string): JsonObject {
  const source = snapshot.sources.find((one) => one.id === id);
  const stats = { errors: { enabled: false }, metrics: { enabled: false } };
  return {
    source: {
      id,
      name: source?.name ?? id,
      writeKey,
      enabled: source?.enabled ?? false,
      workspaceId: snapshot.workspace.id,
      config: { statsCollection: stats },
      connections: [],
      destinations: [],
      dataplanes: {},
      updatedAt: now,
    },
    updatedAt: now,
    consentManagementMetadata: {},
  };
}
