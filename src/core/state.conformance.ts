import { describe, it } from 'node:test';
import { leaseCases } from './state-conformance/lease-cases.ts';
import { restartCases } from './state-conformance/restart-cases.ts';
import type { StateSubject } from './state-conformance/state-case.ts';
import { transactionCases } from './state-conformance/transaction-cases.ts';
import { valueCases } from './state-conformance/value-cases.ts';

const cases = { ...valueCases, ...transactionCases, ...leaseCases, ...restartCases };

/** What every state store promises, as named cases. `open` names an empty deployment. */
export function stateConformance(name: string, open: () => StateSubject): void {
  describe(`${name} keeps the contract of a state store`, () => {
    for (const [rule, check] of Object.entries(cases)) it(rule, () => check(open()));
  });
}
