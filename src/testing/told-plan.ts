// A plan in words, so that a table can say what it expects in one line a write.

import { expect } from 'chai';
import type { Change, Plan } from '../core/change.ts';
import { createMerge } from '../core/merge.ts';
import { plan } from '../core/plan.ts';
import type { NamespaceView } from '../core/view.ts';

/** What there is, what is written, and what is said of each RegistryCredential. */
export type PlanRow = readonly [view: NamespaceView, writes: readonly string[], verdicts: readonly string[]];

/** One test a row; its key is the sentence that must hold. */
export function itPlans(rows: Record<string, PlanRow>): void {
  for (const [sentence, [view, writes, verdicts]] of Object.entries(rows))
    it(sentence, () => {
      const planned = plan(view, createMerge());
      expect(writesOf(planned)).to.deep.equal(writes);
      expect(verdictsOf(planned)).to.deep.equal(verdicts);
    });
}

/** The writes: those that come first, then, led by "then", those that wait for them. */
export const writesOf = ({ changes, afterReferences }: Plan): string[] => [
  ...changes.map(told),
  ...afterReferences.map(change => `then ${told(change)}`),
];

/** "name: attached/selected", or why it is not served. */
const verdictsOf = ({ verdicts }: Plan): string[] =>
  [...verdicts].map(([name, { failure, serviceAccounts }]) => {
    const { selected, attached } = serviceAccounts;
    return `${name}: ${failure?.reason ?? `${attached}/${selected}`}`;
  });

function told(change: Change): string {
  switch (change.kind) {
    case 'PatchServiceAccount':
      return `${change.name} pulls with [${change.pullSecrets}], ours [${change.ownPullSecrets}]`;
    case 'ApplySecret': {
      const verb = change.uid === undefined ? 'create' : 'update';
      const tail = change.handedOver ? ', handed over' : '';
      return `${verb} ${change.name} of [${change.credentials}] with ${loginsOf(change.merged.base64)}${tail}`;
    }
    case 'ReleaseSecret':
      return `release ${change.name}`;
    case 'DeleteSecret':
      return `delete ${change.name}`;
  }
}

/** "server=password" of each login. */
export function loginsOf(base64: string): string {
  const { auths } = JSON.parse(Buffer.from(base64, 'base64').toString()) as {
    auths: Record<string, { password: string }>;
  };
  return Object.entries(auths)
    .map(([server, { password }]) => `${server}=${password}`)
    .join(' ');
}
