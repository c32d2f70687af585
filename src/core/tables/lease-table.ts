/** In both databases: work that one node does at a time. See core/lease.ts. */
export interface LeaseTables {
  lease: LeaseTable;
}

export interface LeaseTable {
  name: string;
  /** Who has it: one life of one process. Empty while it is free. */
  owner: string;
  /** Grows with each change of owner. */
  epoch: number;
  /** On the database's clock, milliseconds: from then on others may take it. 0 while it is free. */
  expires_at: number;
}
