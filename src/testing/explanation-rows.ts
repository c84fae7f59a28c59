// Runs a table of explanations. A row is the facts, the verdict, and parts of what it says: of its sentence,
// or the beginning of its command after a $.

import { expect } from 'chai';
import { it } from 'mocha';
import { explain } from '../core/explanation.ts';
import type { CauseName } from '../core/pull-cause.ts';
import type { PullFacts } from '../core/pull-facts.ts';

export type ExplanationRow = [PullFacts, CauseName, ...says: string[]];

export function itExplains(rows: Readonly<Record<string, ExplanationRow>>): void {
  for (const [title, [facts, name, ...says]] of Object.entries(rows))
    it(`${title}: ${name}`, () => {
      const explanation = explain(facts);
      const { verdict } = explanation;
      expect(verdict.name, verdict.message).to.equal(name);
      for (const part of says) {
        if (part.startsWith('$')) expect(`$${verdict.command}`.slice(0, part.length)).to.equal(part);
        else expect(verdict.message).to.contain(part);
      }
      // One line, and nothing of the inside.
      expect(verdict.message).to.match(/^[^\n]+[^.\n]$/);
      expect(JSON.stringify(explanation)).to.not.contain('geheim').and.not.contain('undefined');
    });
}
