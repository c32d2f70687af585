import type { JsonObject } from '../json.ts';
import {
  compileTransformations,
  type Transformed,
} from '../transformations/compile-transformations.ts';
import type { TransformationConfig } from '../transformations/transformation-config.ts';
import { compileFilters, type EventFilter, type FilterCode } from './compile-filters.ts';
import type { FilterConfig } from './filter-config.ts';

/** Why an event does not reach its destination; codes of core/discard-codes.ts. */
export type ShapingCode = FilterCode | 'filtered_by_transformation' | 'transformation_failed';

/** The filters and, behind them, the transformations of one destination, compiled (spec tracking-api §9). */
export interface EventShaping {
  /** As that of `EventFilter`; then what the transformations drop or fail on. */
  refuse(event: JsonObject, random: () => number): ShapingCode | undefined;
  /** What filters and transformations make of an event that is not refused. Undefined when they make nothing of any. */
  readonly edit: EventFilter['edit'];
}

/** Undefined when there is neither: then nothing is asked of any event. */
export function compileShaping(
  filters: readonly FilterConfig[],
  transformations: readonly TransformationConfig[],
): EventShaping | undefined {
  const filter = compileFilters(filters);
  const transform = compileTransformations(transformations);
  if (transform === undefined) return filter;
  // An event is judged, then edited: the second time what came of it is known.
  let last: { readonly event: JsonObject; readonly transformed: Transformed } | undefined;
  const transformed = (event: JsonObject): Transformed => {
    if (last?.event === event) return last.transformed;
    last = { event, transformed: transform(filter?.edit?.(event) ?? event) };
    return last.transformed;
  };
  return {
    refuse(event, random) {
      const code = filter?.refuse(event, random);
      if (code !== undefined) return code;
      const came = transformed(event);
      if (typeof came === 'object') return undefined;
      return came === 'dropped' ? 'filtered_by_transformation' : 'transformation_failed';
    },
    edit: (event) => {
      const came = transformed(event);
      if (typeof came === 'object') return came;
      // It was let through before the transformations were as they are now.
      return filter?.edit?.(event) ?? event;
    },
  };
}
