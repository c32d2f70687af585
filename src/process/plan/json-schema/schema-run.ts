import type { Json } from '../../../core/json.ts';
import { limits } from '../../../core/limits.ts';
import type { Pattern } from '../../../core/pattern.ts';

/** Instructions of a pattern that take as long as a step of a schema. */
const stepsOfPattern = 500;

/** A keyword that a value does not meet. */
export interface SchemaFault {
  /** E.g. `Required`, `Invalid Type`: as Segment names violations. */
  readonly kind: string;
  /** Of the value at fault; items of lists by their number. */
  readonly path: readonly (string | number)[];
  readonly description: string;
}

/** Whether a value is as a part of a schema has it; faults are told to the run. */
export type Check = (value: Json, run: SchemaRun) => boolean;

/** Undefined when the text is no pattern. */
export type CompilePattern = (pattern: string) => Pattern | undefined;

/** What the parts of a schema are compiled with. */
export interface SchemaContext {
  readonly pattern: CompilePattern;
  /** The check of an inner schema. */
  compile(schema: Json | undefined): Check;
}

/**
 * One check of one value. Its steps and the depth of references are bounded: a schema may be written so that it would
 * never end. A value that takes too long is at fault.
 */
export class SchemaRun {
  readonly faults: SchemaFault[] = [];
  readonly path: (string | number)[] = [];
  #steps = 0;
  #depth = 0;
  #silent = 0;

  /** Counts work; false when there has been too much. */
  spend(steps: number): boolean {
    const before = this.#steps;
    this.#steps += steps;
    if (this.#steps <= limits.schemaSteps) return true;
    if (before <= limits.schemaSteps) this.#add('Too Complex', 'Takes too long to check');
    return false;
  }

  /** Whether a text fits; that it takes too long is told. */
  fits({ test, size }: Pattern, text: string): boolean {
    return this.spend(1 + (text.length * size) / stepsOfPattern) && test(text);
  }

  /** A fault at the value that is being checked, or at a key of it. Always false. */
  fault(kind: string, description: string, key?: string): false {
    if (this.#silent === 0 && this.faults.length < limits.planViolations) {
      this.#add(kind, description, key);
    }
    return false;
  }

  /** Checks what is inside of the value. */
  at(key: string | number, check: Check, value: Json): boolean {
    this.path.push(key);
    const isGood = check(value, this);
    this.path.pop();
    return isGood;
  }

  /** Whether the value passes; no fault is told. */
  passes(check: Check, value: Json): boolean {
    this.#silent += 1;
    const isGood = check(value, this);
    this.#silent -= 1;
    return isGood;
  }

  /** Follows a reference. */
  follow(check: Check, value: Json): boolean {
    if (this.#depth >= limits.schemaDepth || !this.spend(1)) {
      return this.fault('Too Complex', 'Takes too long to check');
    }
    this.#depth += 1;
    const isGood = check(value, this);
    this.#depth -= 1;
    return isGood;
  }

  #add(kind: string, description: string, key?: string): void {
    const path = key === undefined ? [...this.path] : [...this.path, key];
    this.faults.push({ kind, path, description: description.slice(0, limits.violationLength) });
  }
}
