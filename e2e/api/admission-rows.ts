// Specs that the CRD refuses, each with a part of what it says to that, and specs that it admits: a test for each.

import { expect } from 'chai';
import { admitted, installCrd, refused } from './admission.ts';

export type RefusedRows = Readonly<Record<string, readonly [spec: unknown, message: string]>>;
export type AdmittedRows = Readonly<Record<string, unknown>>;

/** To be called in a describe. */
export function tryRows(refusedRows: RefusedRows, admittedRows: AdmittedRows): void {
  before(installCrd);

  for (const [what, [spec, message]] of Object.entries(refusedRows))
    it(`refuses ${what}`, async () => {
      expect(await refused(spec)).to.contain(message);
    });

  for (const [what, spec] of Object.entries(admittedRows))
    it(`admits ${what}`, async () => {
      await admitted(spec);
    });
}
