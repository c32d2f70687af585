import { TributaryError } from '../../../core/errors.ts';
import { isEventType } from '../../../core/event.ts';
import type { FunctionInput, FunctionKind, FunctionReport } from '../../../core/functions.ts';
import type { JsonObject } from '../../../core/json.ts';
import { parseStagedRequest, stagedSource } from '../../../core/staged-request.ts';
import { requireAccess } from '../../access/require-access.ts';
import type { ReadContext } from '../../context.ts';
import { newId } from '../../ids.ts';
import { InputFailure } from '../../input-failure.ts';
import { findSource } from '../../sources/find-source.ts';
import { type DeclaredSetting, secretSettings } from '../declared-settings.ts';
import type { FunctionRow } from '../find-function.ts';
import { laidOver } from '../instances/instance-settings.ts';
import { refuseUnfit } from '../instances/refuse-unfit.ts';
import { latestVersion } from '../versions/find-version.ts';
import { recentEvent } from './recent-event.ts';
import { trialSettings } from './trial-settings.ts';

/** What code is tried with: one of the first four. */
export interface Trial {
  readonly event?: JsonObject;
  readonly events?: readonly JsonObject[];
  readonly request?: {
    readonly url?: string;
    readonly headers?: JsonObject;
    readonly body?: string;
  };
  /** The newest event of this source, or request to it, or the one of `messageId` among its last. */
  readonly sourceId?: string;
  readonly messageId?: string;
  /** In place of what is saved. */
  readonly code?: string;
  readonly settings?: JsonObject;
  /** The destination, source or instance whose settings count where `settings` says nothing. */
  readonly usedBy?: string;
}

/**
 * Runs code once, deployed or not, with nothing of it kept. Its requests are real. Rejects with `input_validation`, with the field, with
 * `not_found` and `forbidden`.
 */
export async function runTrial(
  context: ReadContext,
  row: FunctionRow,
  trial: Trial,
): Promise<{ readonly report: FunctionReport; readonly input: FunctionInput }> {
  const { environment } = context;
  const kind = kindOf(row.resource_type);
  const input = await inputOf(context, kind, trial);
  if (environment.functions === undefined) {
    throw new TributaryError('unavailable', 'This server runs no functions');
  }
  const stored = trial.usedBy === undefined ? {} : await trialSettings(context, row, trial.usedBy);
  const code = trial.code ?? (await latestVersion(context.db, row.id)).code;
  const settings = laidOver(stored, trial.settings ?? {});
  // As a place of it must have them.
  const declared: DeclaredSetting[] = JSON.parse(row.settings);
  refuseUnfit(declared, (name) => settings[name]);
  const id = `trial-${newId(environment.random)}`;
  const report = await environment.functions.invoke({
    version: { id, kind, code },
    instance: id,
    settings,
    secrets: secretSettings(row.settings),
    input,
    trial: true,
  });
  return { report, input };
}

function kindOf(type: string): FunctionKind {
  if (type === 'SOURCE') return 'source';
  return type === 'DESTINATION' ? 'destination' : 'insert';
}

async function inputOf(
  { db, environment, principal }: ReadContext,
  kind: FunctionKind,
  { event, events, request, sourceId, messageId }: Trial,
): Promise<FunctionInput> {
  const given = [event, events, request, sourceId].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw refused('event', 'give one of "event", "events", "request" and "sourceId"');
  }
  const isOfSource = kind === 'source';
  if (sourceId === undefined && (request !== undefined) !== isOfSource) {
    throw refused('request', 'is what source functions are tried with, and they alone');
  }
  if (request !== undefined) return requestInput(request);
  if (events !== undefined) {
    return { kind: 'batch', texts: events.map((one) => JSON.stringify(one)) };
  }
  if (event !== undefined) return eventInput(event, 'event');
  const { id } = await findSource(db, sourceId ?? '');
  const resource = { type: 'SOURCE', id } as const;
  await requireAccess(db, principal, 'read', { area: 'source', resource, whole: true });
  const found = isOfSource
    ? await recentEvent(environment.logs, 'staged', stagedSource(id), messageId)
    : await recentEvent(environment.logs, 'events', id, messageId);
  if (found === undefined) {
    throw new TributaryError('not_found', 'There is no such event among the last of the source.');
  }
  if (!isOfSource) return eventInput(found, 'sourceId');
  return { kind: 'request', request: parseStagedRequest(JSON.stringify(found)).request };
}

function eventInput(event: JsonObject, field: string): FunctionInput {
  const { type } = event;
  if (!isEventType(type) && type !== 'delete') throw refused(field, 'has no type of event');
  return { kind: 'event', type, text: JSON.stringify(event) };
}

function requestInput({
  url,
  headers = {},
  body = '',
}: NonNullable<Trial['request']>): FunctionInput {
  const texts = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const address = URL.parse(url ?? '/', 'http://localhost/fn/');
  if (address === null) throw refused('request.url', 'is no address');
  return {
    kind: 'request',
    request: { url: address.href, headers: Object.fromEntries(texts), body },
  };
}

function refused(field: string, message: string): InputFailure {
  return new InputFailure([{ field, message: `"${field}" ${message}` }]);
}
