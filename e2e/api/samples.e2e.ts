// The samples are what users copy, and docs/api.md quotes them: each is admitted as it stands, with nothing pruned.

import { expect } from 'chai';
import { samples } from '../../scripts/reference/examples.ts';
import { installCrd } from './admission.ts';
import { kubectl } from './kubectl.ts';

describe('The API server admits the sample', () => {
  before(installCrd);

  for (const { file, object } of samples())
    it(file, async () => {
      const dryRun = ['create', '--dry-run=server', '--validate=strict', '-o', 'json', '-f', '-'];
      const made = JSON.parse(await kubectl(dryRun, object as object));
      expect(made.kind).to.equal('RegistryCredential');
    });
});
