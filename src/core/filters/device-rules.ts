import { deviceCondition } from '../fql/device-condition.ts';
import type { JsonObject } from '../json.ts';
import type { FilterAction, FilterConfig } from './filter-config.ts';

/** The filters as routing rules of the clients, or why they cannot be: `field` is `if` or `actions.<n>`. */
export type DeviceRules =
  | { readonly ok: true; readonly rules: readonly JsonObject[] }
  | { readonly ok: false; readonly field: string; readonly problem: string };

const order = ['SAMPLE', 'DROP', 'DROP_PROPERTIES', 'ALLOW_PROPERTIES'] as const;

/**
 * Filters of a destination in the browser as `middlewareSettings.routingRules` (spec tracking-api §10.1), in the order
 * in which the server runs them. `integration` is the name analytics.js knows the destination by.
 */
export function deviceRules(integration: string, filters: readonly FilterConfig[]): DeviceRules {
  const rules: { readonly type: FilterAction['type']; readonly rule: JsonObject }[] = [];
  for (const { if: text, actions } of filters) {
    const condition = deviceCondition(text);
    if (!condition.ok) return { ok: false, field: 'if', problem: condition.problem };
    for (const [index, action] of actions.entries()) {
      if (action.type === 'SAMPLE' && action.path !== undefined) {
        const problem = 'sampling by a path does not work there';
        return { ok: false, field: `actions.${index}.path`, problem };
      }
      rules.push({
        type: action.type,
        rule: {
          scope: 'destinations',
          target_type: 'workspace::project::destination::config',
          destinationName: integration,
          matchers: [{ ...condition.matcher }],
          transformers: [[transformerOf(action)]],
        },
      });
    }
  }
  const sorted = order.flatMap((type) => rules.filter((rule) => rule.type === type));
  return { ok: true, rules: sorted.map(({ rule }) => rule) };
}

function transformerOf(action: FilterAction): JsonObject {
  switch (action.type) {
    case 'DROP':
      return { type: 'drop' };
    case 'SAMPLE':
      return { type: 'sample_event', config: { sample: { percent: action.percent } } };
    case 'DROP_PROPERTIES':
      return { type: 'drop_properties', config: { drop: action.fields } };
    case 'ALLOW_PROPERTIES':
      return { type: 'allow_properties', config: { allow: action.fields } };
  }
}
