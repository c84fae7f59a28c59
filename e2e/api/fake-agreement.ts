// What the tests have in common that hold the in-memory API server against a real one.

import { expect } from 'chai';
import type { Answer } from '../../src/testing/script/run.ts';

/** Step by step, so that the first one that differs is told by what it says. */
export function expectAgreement(imagined: readonly Answer[], real: readonly Answer[]): void {
  for (const [index, answer] of real.entries()) expect(imagined[index], answer.says).to.deep.equal(answer);
  expect(imagined).to.have.length(real.length);
}
