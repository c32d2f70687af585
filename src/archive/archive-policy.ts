/** The bounds and the rhythm of the archive. */
export interface ArchivePolicy {
  /** Events are archived at the latest so long after the last time, ms. */
  readonly everyMs: number;
  /** Days that are older than this go, ms; 0: none. */
  readonly keepMs: number;
  /** The oldest days go while the partition's files take more; 0: no bound. */
  readonly keepBytes: number;
}
