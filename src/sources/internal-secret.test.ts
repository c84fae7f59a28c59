// That nobody gets handed out what the operator keeps for itself.

import { expect } from 'chai';
import type { RegistrySpec } from '../api/types.ts';
import { fetchStored, sourceContext, sourceSecret } from '../testing/source-secrets.ts';

const secretRef = { name: 'regcred-kept-of-team' };
const LOGIN = { username: 'robot', password: 'not-a-real-one' };
const CONFIG = { '.dockerconfigjson': JSON.stringify({ auths: { 'r.io': LOGIN } }) };

const ROWS: Record<string, [RegistrySpec, type: string, values: Record<string, string>]> = {
  basic: [{ server: 'r.io', basic: { secretRef } }, 'kubernetes.io/basic-auth', LOGIN],
  dockerConfig: [{ dockerConfig: { secretRef } }, 'kubernetes.io/dockerconfigjson', CONFIG],
};

describe('a Secret with the label of the operator', () => {
  for (const [kind, [registry, type, values]] of Object.entries(ROWS)) {
    const secret = sourceSecret(secretRef.name, type, values);

    it(`is no source of kind ${kind}, though all is there that one needs`, async () => {
      const context = sourceContext({ ...secret, internal: true });
      expect(await fetchStored(registry, context)).to.deep.equal({
        ok: false,
        reason: 'SecretInternal',
        message:
          "Secret regcred-system/regcred-kept-of-team carries the label regcred.dev/internal, so it is the operator's own: " +
          'name another one, or if it is yours: ' +
          'kubectl -n regcred-system label secret regcred-kept-of-team regcred.dev/internal-',
      });
    });

    it(`is one of kind ${kind} as soon as the label is off`, async () => {
      expect((await fetchStored(registry, sourceContext(secret))).ok).to.equal(true);
    });
  }
});
