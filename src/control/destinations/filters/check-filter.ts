import type { DestinationKind } from '../../../core/destination.ts';
import { isDeviceDestination } from '../../../core/device-mode.ts';
import { deviceRules } from '../../../core/filters/device-rules.ts';
import type { FilterAction, FilterFields } from '../../../core/filters/filter-config.ts';
import { parseFql } from '../../../core/fql/parse-fql.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import { conditionProblem } from '../../conditions/condition-problem.ts';
import { InputFailure, type InputProblem } from '../../input-failure.ts';

/** An action as it is given. */
export interface GivenAction {
  readonly type: FilterAction['type'];
  readonly percent?: number;
  readonly path?: string;
  readonly fields?: JsonObject;
}

/**
 * The condition and actions of a filter as they are stored. Throws `InputFailure` that names each wrong field, also
 * what a destination in the browser could not do; without a kind that is not asked.
 */
export function checkFilter(
  condition: string,
  given: readonly GivenAction[],
  kind?: DestinationKind,
): readonly FilterAction[] {
  const problems = [...conditionProblem('if', condition)];
  if (given.length === 0) {
    problems.push({ field: 'actions', message: '"actions" must contain at least 1 items' });
  }
  const actions = given.map((action, index) => readAction(action, `actions.${index}`, problems));
  if (problems.length > 0) throw new InputFailure(problems);
  if (kind !== undefined && isDeviceDestination(kind)) refuseOffDevice(condition, actions, kind);
  return actions;
}

function refuseOffDevice(
  condition: string,
  actions: readonly FilterAction[],
  { name }: DestinationKind,
): void {
  const rules = deviceRules(name, [{ if: condition, actions }]);
  if (rules.ok) return;
  const { field, problem } = rules;
  const message = `"${field}" cannot be evaluated by the SDK of ${name} in the browser: ${problem}`;
  throw new InputFailure([{ field, message }]);
}

function readAction(action: GivenAction, at: string, problems: InputProblem[]): FilterAction {
  const refuse = (key: string, text: string) =>
    problems.push({ field: `${at}.${key}`, message: `"${at}.${key}" ${text}` });
  switch (action.type) {
    case 'DROP':
      return { type: 'DROP' };
    case 'SAMPLE': {
      const { percent, path } = action;
      if (percent === undefined) refuse('percent', 'is required');
      else if (percent < 0 || percent > 1) refuse('percent', 'must be between 0 and 1');
      if (path !== undefined && path !== '' && !isPath(path)) refuse('path', 'is not a path');
      return { type: 'SAMPLE', percent: percent ?? 0, ...(path && { path }) };
    }
    default: {
      const { fields } = action;
      if (fields === undefined) refuse('fields', 'is required');
      const isRead = readFields(fields ?? {}, (key, text) => refuse(`fields.${key}`, text));
      return { type: action.type, fields: isRead };
    }
  }
}

function isPath(text: string): boolean {
  const parsed = parseFql(text);
  return parsed.ok && parsed.expression.kind === 'path';
}

function readFields(fields: JsonObject, refuse: (key: string, text: string) => void): FilterFields {
  const read = Object.entries(fields).map(([path, names]) => {
    if (!isNames(names)) refuse(path, 'must be an array of strings');
    return [path, isNames(names) ? names : []] as const;
  });
  return Object.fromEntries(read);
}

function isNames(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}
