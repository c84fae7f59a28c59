// Tables for the tests of the oracle: what is spoiled in a cluster that is well, and every sentence
// that the oracle has to say then.

import { expect } from 'chai';
import { it } from 'mocha';
import { aBasicSecret, aCredential } from '../../builders.ts';
import { AtRest } from './at-rest.ts';

export type Rows = Record<string, readonly [spoil: (cluster: AtRest) => unknown, ...found: string[]]>;

/** One test a row; its key is the sentence that must hold. */
export function itFinds(rows: Rows): void {
  for (const [sentence, [spoil, ...found]] of Object.entries(rows))
    it(sentence, () => {
      const cluster = new AtRest();
      spoil(cluster);
      expect(cluster.differences()).to.deep.equal(found);
    });
}

/** The Secret holds these, robot's, and says whose they are. */
export const holds = (cluster: AtRest, passwords: Record<string, string>, credentials = 'main') =>
  cluster.remove('secrets', 'apps/regcred').ours('apps', passwords, credentials);
/** Another RegistryCredential for the same namespaces. */
export const beside = (cluster: AtRest, name: string, server: string, source = 'other') =>
  cluster.given(
    aCredential(name).withBasic(server, source).finalized(),
    aBasicSecret('other', 'robot', 'its'),
  );

/** What main says where no namespace is selected, and where the only one refuses. */
export const NONE = { ready: 'True NoNamespaceSelected', namespaces: '0/0', serviceAccounts: '0/0' };
export const refused = (reason: string, serviceAccounts = '0/1') => ({
  ready: 'False Conflict',
  namespaces: '0/1',
  serviceAccounts,
  failures: { apps: reason },
  conditions: { Conflict: reason },
});
/** … and where its source fails and nothing is kept. */
export const FAILED = {
  ready: 'False SourceFailed',
  namespaces: '0/1',
  serviceAccounts: '0/1',
  failures: { apps: 'SourceFailed' },
  conditions: { SourceFailing: 'SourceFailed' },
  messages: ['not found'],
};
/** … and where it fails and the last login is kept. */
export const KEPT = { conditions: { SourceFailing: 'LastKnownGoodServed' }, messages: ['not found'] };
