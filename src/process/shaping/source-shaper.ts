import type { DiscardCode } from '../../core/discard-codes.ts';
import type { EventType } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import type { SourceConfig } from '../../core/snapshot.ts';
import type { PlanViolation } from '../../core/tracking-plan.ts';
import {
  compileTransformations,
  type Transform,
} from '../../core/transformations/compile-transformations.ts';
import type { CompiledPlan } from '../plan/compiled-plan.ts';
import { judgeEvent } from '../plan/judge-event.ts';
import { type SchemaSwitches, schemaSwitches } from './schema-switches.ts';

/** What became of an event. */
export type ShapedEvent = {
  /** How it is not as the tracking plan has it; also of one that goes no further. */
  readonly violations: readonly PlanViolation[];
} & (
  | { readonly kind: 'event'; readonly event: JsonObject }
  /** `detail`: in words, what the code leaves open. */
  | { readonly kind: 'blocked'; readonly code: DiscardCode; readonly detail?: string }
);

const none: readonly PlanViolation[] = [];
/** Violations that the record of a discard tells. */
const toldMost = 5;

/**
 * What the configuration of a source makes of its events behind its insert function (spec tracking-api §9): the switches
 * of its schema, its tracking plan, its transformations. Only sources that ask for something have one.
 */
export class SourceShaper {
  readonly source: SourceConfig;
  readonly plan: CompiledPlan | undefined;
  readonly #switches: SchemaSwitches | undefined;
  readonly #transform: Transform | undefined;

  /** `plan`: that of the source, if it has one. Undefined when the source asks for nothing. */
  static of(source: SourceConfig, plan: CompiledPlan | undefined): SourceShaper | undefined {
    const shaper = new SourceShaper(source, plan);
    const asksForNothing =
      plan === undefined && shaper.#switches === undefined && shaper.#transform === undefined;
    return asksForNothing ? undefined : shaper;
  }

  private constructor(source: SourceConfig, plan: CompiledPlan | undefined) {
    this.source = source;
    this.plan = plan;
    this.#switches = schemaSwitches(source.clientSettings?.plan);
    this.#transform = compileTransformations(source.transformations ?? []);
  }

  /**
   * The given event stays as it is. `isForwarded`: another source blocked it and forwards it here: this
   * one takes it as it is, apart from its transformations.
   */
  shape(event: JsonObject, type: EventType, isForwarded: boolean): ShapedEvent {
    const switched = isForwarded ? event : (this.#switches?.apply(event, type) ?? event);
    if (typeof switched === 'string') return { kind: 'blocked', code: switched, violations: none };
    const { plan } = this.source;
    const judged =
      this.plan === undefined || plan === undefined || isForwarded
        ? { event: switched, violations: none }
        : judgeEvent(switched, type, this.plan, { ...plan, sourceId: this.source.id });
    const { violations } = judged;
    if (judged.blocked !== undefined) {
      return { kind: 'blocked', code: judged.blocked, detail: told(violations), violations };
    }
    if (this.#transform === undefined) return { kind: 'event', event: judged.event, violations };
    const transformed = this.#transform(judged.event);
    if (typeof transformed === 'object') return { kind: 'event', event: transformed, violations };
    const code =
      transformed === 'dropped' ? 'dropped_by_transformation' : 'source_transformation_failed';
    return { kind: 'blocked', code, violations };
  }
}

function told(violations: readonly PlanViolation[]): string {
  const texts = violations
    .slice(0, toldMost)
    .map(({ field, description }) => `${field}: ${description}.`);
  const more = violations.length - texts.length;
  return more > 0 ? `${texts.join(' ')} And ${more} more.` : texts.join(' ');
}
