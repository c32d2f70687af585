import type { SourceState } from './source-state.ts';

/** One write key as ingest meets it. Outlives changes of the configuration that leave it as it is. */
export class WriteKey {
  readonly text: string;
  readonly source: SourceState;
  /** Its events are test events. */
  readonly isTest: boolean;
  /** Its next use at or after this moment is reported; milliseconds of the wall clock. */
  reportAt = 0;

  constructor(text: string, source: SourceState, isTest: boolean) {
    this.text = text;
    this.source = source;
    this.isTest = isTest;
  }
}
