// A policy of somebody who lets nobody write the status of a RegistryCredential.

import { expect } from 'chai';
import { CREDENTIALS_PATH } from '../../src/controller/paths.ts';
import { create, remove } from '../api/admin.ts';
import { eventually } from '../api/eventually.ts';
import { kubectl } from '../api/kubectl.ts';

const ADMISSION = '/apis/admissionregistration.k8s.io/v1';
const POLICIES = `${ADMISSION}/validatingadmissionpolicies`;
const BINDINGS = `${ADMISSION}/validatingadmissionpolicybindings`;
const [, , apiGroup = '', apiVersion = ''] = CREDENTIALS_PATH.split('/');

export class StatusGuard {
  readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  /** Resolves once it refuses. @param credential to try it with */
  static async start(scenario: string, credential: string): Promise<StatusGuard> {
    const guard = new StatusGuard(`${scenario}-guard`);
    const metadata = { name: guard.name };
    const rule = {
      ...{ apiGroups: [apiGroup], apiVersions: [apiVersion] },
      ...{ operations: ['UPDATE'], resources: ['registrycredentials/status'] },
    };
    await create(POLICIES, {
      metadata,
      spec: {
        matchConstraints: { resourceRules: [rule] },
        validations: [{ expression: 'false', message: 'nobody writes status here' }],
      },
    });
    await create(BINDINGS, { metadata, spec: { policyName: guard.name, validationActions: ['Deny'] } });
    await eventually('the policy refuses', () => guard.#refuses(credential));
    return guard;
  }

  async #refuses(credential: string): Promise<void> {
    const patch = [
      '--subresource=status',
      '--type=merge',
      '-p',
      '{"status":{"expiresAt":"2100-01-01T00:00:00Z"}}',
    ];
    const outcome = await kubectl([
      'patch',
      'registrycredential',
      credential,
      '--dry-run=server',
      ...patch,
    ]).catch((error: Error) => error.message);
    expect(outcome).to.contain('nobody writes status here');
  }

  async stop(): Promise<void> {
    await remove(`${BINDINGS}/${this.name}`);
    await remove(`${POLICIES}/${this.name}`);
  }
}
