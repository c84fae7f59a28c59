// Source Secrets of chance, and registries that a CRD of another version may have stored: a source gives logins or a
// reason, never a throw, and what it says holds no password.

import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { MAX_MESSAGE } from '../api/bounds.ts';
import type { RegistrySpec } from '../api/types.ts';
import type { SourceSecretRecord } from '../core/records.ts';
import { namesRegistry, serverKey } from '../core/server-key.ts';
import { anyConfig, markedPassword } from '../testing/arbitrary-docker-config.ts';
import { anyServer } from '../testing/arbitrary-server.ts';
import { anyText, PROTOTYPE_NAMES } from '../testing/arbitrary-text.ts';
import { FUZZ_TIMEOUT, holdsInTime } from '../testing/fuzzing.ts';
import { showsMark } from '../testing/mark.ts';
import { changedPrototypes } from '../testing/prototypes.ts';
import { fetchStored, sourceContext, sourceSecret } from '../testing/source-secrets.ts';
import { registered, sourceOf } from './registered.ts';

const value: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  { weight: 4, arbitrary: anyConfig },
  { weight: 4, arbitrary: markedPassword },
  { weight: 1, arbitrary: anyText },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom('robot', '', ...Array(20).fill('u'), 'x'.repeat(1_000_000)) },
);

const KEYS = ['username', 'password', 'email', '.dockerconfigjson', 'Password', ...PROTOTYPE_NAMES] as const;
const TYPES = [
  'Opaque',
  'kubernetes.io/basic-auth',
  'kubernetes.io/dockerconfigjson',
  'kubernetes.io/dockercfg',
  '__proto__',
] as const;

const NAMES = ['login', 'constructor', '__proto__'] as const;

const anySecret: fc.Arbitrary<SourceSecretRecord> = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.constantFrom(...TYPES),
    fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), value), { maxLength: 5, selector: ([key]) => key }),
  )
  .map(([name, type, data]) => sourceSecret(name, type, Object.fromEntries(data)));

const secretRef = fc.constantFrom(...NAMES, 'absent').map(name => ({ secretRef: { name } }));

const anyRegistry: fc.Arbitrary<RegistrySpec> = fc
  .record(
    { server: anyServer, basic: secretRef, dockerConfig: secretRef, quantum: fc.constant({}) },
    { requiredKeys: [] },
  )
  .map(registry => registry as RegistrySpec);

describe('a source of chance', function () {
  this.timeout(FUZZ_TIMEOUT);

  const asked = fc.tuple(anyRegistry, fc.array(anySecret, { maxLength: 3 }));

  it('gives logins, or a reason that holds no password', () =>
    holdsInTime(asked, 1_500, async ([registry, secrets]) => {
      const source = sourceOf(registry);
      for (const name of source.secretNames(registry)) expect(name).to.be.a('string');
      const fetched = await fetchStored(registry, sourceContext(...secrets));
      expect(changedPrototypes()).to.deep.equal([]);
      if (!fetched.ok) {
        expect(fetched.reason).to.match(/^[A-Z][A-Za-z]+$/);
        return expectTold(fetched.message);
      }
      expect(fetched.entries).not.to.deep.equal([]);
      for (const { server, key } of fetched.entries) expect(serverKey(server)).to.equal(key);
      for (const { message } of fetched.bad) expectTold(message);
    }));

  it('is named by its own key of the spec, and not by what every object has', () => {
    for (const { kind } of registered) expect(sourceOf({ [kind]: {} } as RegistrySpec).kind).to.equal(kind);
    for (const name of PROTOTYPE_NAMES)
      expect(registered).not.to.include(sourceOf({ [name]: { secretRef: { name } } } as RegistrySpec));
  });

  /** A sentence with what to do behind its last colon, in one line. */
  function expectTold(message: string): void {
    expect(message).to.match(/^[^\n\r\u2028\u2029]{10,}$/u);
    expect(message.isWellFormed(), message).to.equal(true);
    expect([...message].length).to.be.at.most(MAX_MESSAGE);
    // What looks like a registry is shown, whatever it was meant to be.
    const others = message
      .split(/[\s;]/)
      .filter(word => !namesRegistry(serverKey(word.replace(/:$/, '')) ?? ''));
    expect(showsMark(others.join(' ')), message).to.equal(false);
  }
});
