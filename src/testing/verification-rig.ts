// The whole loop with registries that a test scripts: the RegistryCredential team, of the login "login" for r.io, in
// the namespace apps.

import type { RegistryCredentialSpec, RegistryCredentialStatus } from '../api/types.ts';
import { aCredential, aNamespace } from './builders.ts';
import { OperatorRig } from './operator-rig.ts';
import { ScriptedRegistry } from './scripted-registry.ts';

export class VerificationRig extends OperatorRig {
  readonly registry = new ScriptedRegistry();

  constructor() {
    super();
    this.checkLogin = this.registry.check;
    this.server.given(aNamespace('apps').optedIn());
  }

  given(verification?: RegistryCredentialSpec['verification']): void {
    this.server.given(aCredential('team').withBasic('r.io', 'login').verifying(verification));
  }

  async set(change: Partial<RegistryCredentialSpec>): Promise<void> {
    this.server.update('registrycredentials', 'team', object => {
      object.spec = { ...object.spec, ...change };
    });
    await this.settle();
  }

  async change(password: string): Promise<void> {
    this.newPassword(password);
    await this.settle();
  }

  get status(): RegistryCredentialStatus | undefined {
    return this.server.get('registrycredentials', 'team')?.status;
  }

  /** "status reason: message" */
  condition(type: string): string | undefined {
    const found = this.status?.conditions.find(one => one.type === type);
    return found && `${found.status} ${found.reason}: ${found.message}`;
  }

  /** "status reason" */
  reason(type = 'Verified'): string | undefined {
    return this.condition(type)?.split(':')[0];
  }

  /** "verified reason" of an item of the spec. */
  line(index = 0): string | undefined {
    const { verified, reason } = this.status?.registries[index] ?? {};
    return verified && `${verified} ${reason}`;
  }
}
