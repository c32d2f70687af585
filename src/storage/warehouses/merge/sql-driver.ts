import type { QueryPage, ReadOptions } from '../../../core/warehouse-engine.ts';

/** A connection to a warehouse, as `MergeWarehouse` uses it: one call at a time. */
export interface SqlDriver {
  /** Rejects with `warehouse_failed` and the words of the far end. */
  run(sql: string): Promise<readonly (readonly unknown[])[]>;
  /** The rows of one statement that reads. Rejects with `input_validation` when it is another, or wrong. */
  read(
    sql: string,
    options: Pick<ReadOptions, 'timeoutMs'> & Partial<ReadOptions>,
  ): AsyncIterable<QueryPage>;
  close(): Promise<void>;
}
