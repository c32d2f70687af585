import { compileCondition, compileFql, type FqlCondition } from '../fql/compile-fql.ts';
import { noValue } from '../fql/fql-functions.ts';
import type { JsonObject } from '../json.ts';
import { propertyEdit } from './edit-properties.ts';
import type { FilterAction, FilterConfig } from './filter-config.ts';
import { isSampled } from './sample.ts';

/** Why a filter keeps an event from its destination; codes of core/discard-codes.ts. */
export type FilterCode = 'filtered_by_rules' | 'filtered_by_sampling' | 'filter_failed';

/** The filters of one destination, compiled. All conditions are held against the event as it came. */
export interface EventFilter {
  /**
   * Samples, then drops: undefined lets the event pass. A condition that has no truth value on the event drops it,
   * of whatever filter it is. `random`: uniform in [0, 1).
   */
  refuse(event: JsonObject, random: () => number): FilterCode | undefined;
  /** Takes properties away, then all but the allowed ones. Undefined when no filter does. */
  readonly edit: ((event: JsonObject) => JsonObject) | undefined;
}

type Refusal = (event: JsonObject, random: () => number) => FilterCode | undefined;
type Edit = (edited: JsonObject, original: JsonObject) => JsonObject;

/** Undefined when there are none: then nothing is asked of any event. */
export function compileFilters(filters: readonly FilterConfig[]): EventFilter | undefined {
  if (filters.length === 0) return undefined;
  const rules = filters.flatMap(({ if: text, actions }) => {
    const condition = conditionOf(text);
    return actions.map((action) => ({ condition, action }));
  });
  const refusals = [
    ...rules.flatMap(({ condition, action }) => samples(condition, action)),
    ...rules.flatMap(({ condition, action }) => drops(condition, action)),
  ];
  const edits = [
    ...rules.flatMap(({ condition, action }) => editsOf(condition, action, 'DROP_PROPERTIES')),
    ...rules.flatMap(({ condition, action }) => editsOf(condition, action, 'ALLOW_PROPERTIES')),
  ];
  return {
    refuse(event, random) {
      for (const refuse of refusals) {
        const code = refuse(event, random);
        if (code !== undefined) return code;
      }
      return undefined;
    },
    edit:
      edits.length === 0
        ? undefined
        : (event) => {
            let edited = event;
            for (const edit of edits) edited = edit(edited, event);
            return edited;
          },
  };
}

/** What cannot be read is true of no event and false of none. */
function conditionOf(text: string): FqlCondition {
  const compiled = compileCondition(text);
  return compiled.ok ? compiled.run : () => undefined;
}

function samples(condition: FqlCondition, action: FilterAction): Refusal[] {
  if (action.type !== 'SAMPLE') return [];
  const { percent } = action;
  const path = action.path === undefined ? undefined : compileFql(action.path);
  return [
    (event, random) => {
      const applies = condition(event);
      if (applies === undefined) return 'filter_failed';
      if (!applies) return undefined;
      if (path === undefined) return random() < percent ? undefined : 'filtered_by_sampling';
      const value = path.ok ? path.run(event) : noValue;
      if (value === noValue) return 'filter_failed';
      return isSampled(value, percent) ? undefined : 'filtered_by_sampling';
    },
  ];
}

/** Also of the filters that only take properties away: their condition must have a truth value. */
function drops(condition: FqlCondition, action: FilterAction): Refusal[] {
  if (action.type === 'SAMPLE') return [];
  const isDrop = action.type === 'DROP';
  return [
    (event) => {
      const applies = condition(event);
      if (applies === undefined) return 'filter_failed';
      return isDrop && applies ? 'filtered_by_rules' : undefined;
    },
  ];
}

function editsOf(
  condition: FqlCondition,
  action: FilterAction,
  type: 'DROP_PROPERTIES' | 'ALLOW_PROPERTIES',
): Edit[] {
  if (action.type !== type) return [];
  const edit = propertyEdit(type, action.fields);
  return [(edited, original) => (condition(original) === true ? edit(edited) : edited)];
}
