import type { DeliveryResult } from '../../core/destination.ts';
import { limits } from '../../core/limits.ts';

/** How much the latest attempt counts. */
const weight = 1 / 16;

/** Whether a lane's far end is well, as its latest attempts say. In memory: a restart begins with a good opinion. */
export class Standing {
  #trouble = 0;

  /** Most of them failed, were refused, or took long. */
  get isSick(): boolean {
    return this.#trouble > 0.5;
  }

  /** `ms`: from the beginning of the attempt to its end. */
  record(kind: DeliveryResult['kind'] | 'bug', ms: number): void {
    const isWell = kind === 'delivered' && ms < limits.laneSlowMs;
    this.#trouble += ((isWell ? 0 : 1) - this.#trouble) * weight;
  }
}
