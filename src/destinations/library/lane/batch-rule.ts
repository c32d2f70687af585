import type { Event } from '../../../core/event.ts';
import { isJsonObject, type Json } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import type { SubscriptionConfig } from '../../../core/subscription-config.ts';
import { type PackageAction, transform } from '../package/library-package.ts';

/** How a subscription takes batches. */
export interface BatchRule {
  readonly mostEvents: number;
  /** What must be equal in the mapped events of one batch: its `batch_keys`. */
  keyOf(event: Event): string;
}

/**
 * Undefined: its action takes none, or the mapping says so: `enable_batching` false, or a `batch_size` of at most 1. What the
 * mapping leaves out is as the action's fields have it by default.
 */
export function batchRule(
  { mapping }: SubscriptionConfig,
  action: PackageAction | undefined,
): BatchRule | undefined {
  if (typeof action?.performBatch !== 'function') return undefined;
  const settingOf = (name: string) => mapping[name] ?? defaultOf(action.fields?.[name]);
  const enabled = settingOf('enable_batching');
  if (enabled === false || enabled === 'false') return undefined;
  const size = settingOf('batch_size');
  const mostEvents = size === undefined || size === null ? limits.sendBatchEvents : Number(size);
  if (!(mostEvents > 1)) return undefined;
  const keys = settingOf('batch_keys');
  const names = Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [];
  const keyed = Object.fromEntries(names.map((name) => [name, mapping[name]]));
  const fixed = Object.values(keyed).some(isDirective) ? undefined : JSON.stringify(keyed);
  return { mostEvents, keyOf: (event) => fixed ?? JSON.stringify(transform(keyed, event)) };
}

function defaultOf(field: Json | undefined): Json | undefined {
  return isJsonObject(field) ? field['default'] : undefined;
}

/** Whether a value depends on the event. */
function isDirective(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some(isDirective);
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(([key, inner]) => key.startsWith('@') || isDirective(inner));
}
