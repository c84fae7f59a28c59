// The in-memory half of the comparison with a real API server: every answer of the script.

import { expect } from 'chai';
import { FakeApiServer } from '../fake-api-server.ts';
import { policyAccounts } from './policy-accounts.ts';
import { policyReferences } from './policy-references.ts';
import { runPolicies } from './policy-run.ts';
import { policySecrets } from './policy-secrets.ts';
import { runScript } from './run.ts';
import { givenNamespace, namespaceStep, script } from './script.ts';
import { expectedEvents, runWatches } from './watch-run.ts';

describe('the in-memory API server answers a script as a real one does', () => {
  it('with the same codes and reasons, step by step', async () => {
    const server = new FakeApiServer();
    server.given(givenNamespace);
    const steps = [namespaceStep, ...script];

    const answers = await runScript(server.client('scripted'), steps);

    const got = answers.map(({ says, answer }) => `${says}: ${answer}`);
    expect(got).to.deep.equal(steps.map(([says, , answer]) => `${says}: ${answer}`));
  });

  for (const [what, steps, installed] of [
    ['Secrets', policySecrets, {}],
    ['ServiceAccounts', policyAccounts, {}],
    ['the admission component', policyReferences, { references: true }],
  ] as const)
    it(`with the same refusals by the policies of ${what}`, async () => {
      const answers = await runPolicies(steps, installed);

      const got = answers.map(({ says, answer }) => `${says}: ${answer}`);
      expect(got).to.deep.equal(steps.map(([says, , answer]) => `${says}: ${answer}`));
    });

  it('with the same events, in the same order', async () => {
    expect(await runWatches(new FakeApiServer().client('regcred'))).to.deep.equal(expectedEvents);
  });
});
