// What of the logins of a RegistryCredential comes back after a restart, and what is not believed.

import { expect } from 'chai';
import { INTERNAL_LABEL, KEPT_KEY, KEPT_TYPE } from '../api/names.ts';
import type { RegistrySpec } from '../api/types.ts';
import type { CredentialRecord } from '../core/credential-record.ts';
import { login } from '../testing/views.ts';
import { isKeptSecret, keptContent, keptSecretName, rememberedStates } from './kept-secret.ts';
import { type RegistryState, unasked } from './last-known-good.ts';
import { slimSource } from './slim.ts';
import { createWorld, type World } from './world.ts';

const basic = (server: string): RegistrySpec => ({ server, basic: { secretRef: { name: 'login' } } });
const docker: RegistrySpec = { dockerConfig: { secretRef: { name: 'config' } } };
const record = { name: 'team', uid: 'uid-of-team' } as CredentialRecord;
const known = (spec: RegistrySpec, server: string): RegistryState =>
  unasked(spec, { state: 'known', entries: [login(server)], earlier: ['digest before'] });

const secret = (content: string | undefined, change: object = {}) =>
  slimSource({
    metadata: {
      name: keptSecretName('team'),
      uid: 'u',
      resourceVersion: '7',
      labels: { [INTERNAL_LABEL]: 'true' },
      ...change,
    },
    type: KEPT_TYPE,
    data: { [KEPT_KEY]: content },
    // biome-ignore lint/suspicious/noExplicitAny: an object of the API server
  } as any);

function worldWith(stored: ReturnType<typeof secret>): World {
  const nothing = () => undefined;
  const events = {
    credential: nothing,
    namespace: nothing,
    serviceAccount: nothing,
    secret: nothing,
    source: nothing,
  };
  const world = createWorld('regcred-system', ['regcred'], events);
  world.sources.replace([stored], '7');
  return world;
}

describe('what an earlier run knew', () => {
  const content = keptContent(record, [
    known(basic('r.io'), 'r.io'),
    unasked(basic('never.io'), { state: 'absent' }),
    known(docker, 'q.io'),
    unasked(basic('open.io'), { state: 'unknown', keys: ['open.io'] }),
    unasked(basic('hardly.io'), { state: 'unknown', keys: ['hardly.io'], unlikely: true }),
  ]);

  it('comes back, in doubt for all servers for which a newer login may have been written', () => {
    const states = rememberedStates(record, worldWith(secret(content)));
    const login1 = { state: 'known', entries: [login('r.io')], earlier: ['digest before'] };
    expect(states.map(one => one?.material)).to.deep.equal([
      { ...login1, unknownKeys: ['r.io'] },
      undefined,
      { ...login1, entries: [login('q.io')], unknownKeys: 'any' },
      { state: 'unknown', keys: ['open.io'] },
      undefined,
    ]);
  });

  it('comes back with what has to be known of a token to renew it in time', () => {
    const token = { key: 'k', fetchedAt: 1, expiresAt: 2, entries: [login('r.io')] };
    const withToken = keptContent(record, [{ ...known(basic('r.io'), 'r.io'), token }]);
    expect(rememberedStates(record, worldWith(secret(withToken)))[0]?.token).to.deep.equal(token);
  });

  it('is nothing where it is of another object', () => {
    const world = worldWith(secret(content));
    expect(rememberedStates({ ...record, uid: 'of-a-successor' }, world)).to.deep.equal([]);
    expect(rememberedStates({ ...record, name: 'other' }, world)).to.deep.equal([]);
  });

  it('is nothing where it stands in a Secret that anybody could have made', () => {
    const world = worldWith(secret(content, { labels: {} }));
    expect(rememberedStates(record, world)).to.deep.equal([]);
  });
});

describe('the name of the Secret in which logins are kept', () => {
  it('is as short for the longest name, another one for another name, and told apart from that of a source', () => {
    const names = ['a'.repeat(253), 'team', 'team-2'].map(keptSecretName);
    expect(new Set(names).size).to.equal(3);
    for (const name of names) expect(name).to.match(/^regcred-kept-[0-9a-f]{32}$/);
    expect(isKeptSecret(secret(''))).to.equal(true);
    expect(isKeptSecret(secret('', { name: 'login' }))).to.equal(false);
  });
});
