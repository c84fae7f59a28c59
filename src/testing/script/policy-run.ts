// The in-memory API server with the policies of manifests/, and a script that is played to it.

import { aNamespace, OPERATOR_NAMESPACE } from '../builders.ts';
import { FakeApiServer } from '../fake-api-server.ts';
import { type Installed, installedIdentity, OPERATOR_USER, policiesFor } from '../policies/policies.ts';
import { POLICY_NAMESPACE } from './policy-secrets.ts';
import type { Step } from './requests.ts';
import { type Answer, runScript } from './run.ts';

export async function runPolicies(
  steps: readonly Step[],
  installed: Partial<Installed> = {},
): Promise<Answer[]> {
  const server = new FakeApiServer();
  server.admission = policiesFor(installedIdentity, installed);
  server.given(aNamespace(OPERATOR_NAMESPACE), aNamespace(POLICY_NAMESPACE));
  return runScript(server.client('scripted'), steps, server.client(OPERATOR_USER));
}
