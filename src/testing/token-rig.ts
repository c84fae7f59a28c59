// The whole loop with a source of tokens: two namespaces, and the Secret that the source reads.

import type { RegistryCredentialStatus } from '../api/types.ts';
import { aNamespace, aSecret, OPERATOR_NAMESPACE } from './builders.ts';
import { OperatorRig } from './operator-rig.ts';
import { TokenGiver } from './token-source.ts';

export class TokenRig extends OperatorRig {
  readonly giver = new TokenGiver();

  constructor() {
    super();
    this.ask = (...asked) => this.giver.ask(...asked);
    this.server.given(aNamespace('apps').optedIn(), aNamespace('web').optedIn());
    this.server.given(aSecret('client').with('client_id', 'regcred').with('client_secret', 'p'));
  }

  get status(): RegistryCredentialStatus | undefined {
    return this.server.get('registrycredentials', 'team')?.status;
  }

  condition(type: string) {
    return this.status?.conditions.find(one => one.type === type);
  }

  setSpec(change: object): void {
    this.server.update('registrycredentials', 'team', object => {
      object.spec = { ...object.spec, ...change };
    });
  }

  setClient(secret: string): void {
    this.server.update('secrets', `${OPERATOR_NAMESPACE}/client`, object => {
      object.data = { ...object.data, client_secret: Buffer.from(secret).toString('base64') };
    });
  }

  annotate(value: string): void {
    this.server.update('registrycredentials', 'team', ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, 'regcred.dev/refresh': value };
    });
  }

  /** From now on an answer takes until then. */
  answerIn(milliseconds: number): void {
    this.giver.answering = new Promise(resolve =>
      this.clock.setTimeout(() => resolve(undefined), milliseconds),
    );
  }
}
