// What the author of a RegistryCredential can have sent where: only what the administrator listed, and nothing else
// is even read.

import { expect } from 'chai';
import type { RegistrySpec } from '../api/types.ts';
import { AUDIENCE, OAuthRig } from '../testing/oauth-rig.ts';
import { oauth } from './oauth.ts';
import { NOTHING_ALLOWED, type OAuthAllowance } from './oauth-allowance.ts';
import type { Fetched } from './source.ts';

describe('the lists of the administrator', () => {
  let rig: OAuthRig;
  beforeEach(async () => {
    rig = await OAuthRig.start();
  });
  afterEach(() => rig.stop());

  const read: string[] = [];
  const get = (registry: RegistrySpec, allowance: OAuthAllowance | undefined): Promise<Fetched> => {
    read.length = 0;
    const { oauth: _, ...context } = rig.context();
    const secret = (name: string) => {
      read.push(name);
      return context.secret(name);
    };
    return oauth.fetch(registry, { ...context, secret, oauth: allowance });
  };

  const isRefused = (fetched: Fetched, message: string): void => {
    expect(fetched).to.deep.equal({ ok: false, reason: 'NotAllowed', message });
    expect(rig.server.asked).to.deep.equal([]);
    expect(read).to.deep.equal([]);
  };

  const at = (registry: RegistrySpec, tokenEndpoint: string): RegistrySpec =>
    ({ ...registry, oauth: { ...registry.oauth, tokenEndpoint } }) as RegistrySpec;

  it('are empty unless they are given', async () => {
    const { tokenEndpoint, quayEndpoint } = rig.server;
    const message = (wanted: string): string =>
      `nothing is sent to oauth.tokenEndpoint, which is not on the operator's list: if it is to be trusted, start the operator with --oauth-token-endpoints=${wanted}`;
    for (const nothing of [undefined, NOTHING_ALLOWED]) {
      isRefused(await get(rig.byClient(), nothing), message(tokenEndpoint));
      isRefused(await get(rig.byQuay(), nothing), message(`${quayEndpoint}=${AUDIENCE}`));
    }
  });

  it('allow a URL in one spelling, and nothing below, beside or before it', async () => {
    const { tokenEndpoint, origin } = rig.server;
    const others = [
      `${tokenEndpoint}/`,
      `${tokenEndpoint}/more`,
      `${tokenEndpoint}?a=b`,
      `${tokenEndpoint}#a`,
      `${origin}/TOKEN`,
      `${origin}//token`,
      `${origin}/a/../token`,
      `${origin}/%74oken`,
      `${origin}\\@evil.example/token`,
      origin.replace('//', '//evil.example@'),
      tokenEndpoint.replace('127.0.0.1', '0x7f.1'),
      tokenEndpoint.replace('127.0.0.1', 'localhost'),
      tokenEndpoint.replace('http:', 'HTTP:'),
      ` ${tokenEndpoint}`,
      '',
    ];
    for (const other of others) {
      const fetched = await get(at(rig.byClient(), other), rig.allowance);
      expect(fetched, other).to.deep.include({ ok: false, reason: 'NotAllowed' });
      expect(!fetched.ok && fetched.message).not.to.contain('evil');
    }
    expect(rig.server.asked).to.deep.equal([]);
    expect(read).to.deep.equal([]);
  });

  it('send the identity for an audience only where that audience is listed', async () => {
    const { tokenEndpoint } = rig.server;
    for (const audience of [undefined, 'other.example'])
      isRefused(
        await get(rig.byExchange(), { ...rig.allowance, endpoints: [{ url: tokenEndpoint, audience }] }),
        `the operator's token for the audience ${AUDIENCE} may not be sent to this tokenEndpoint: if it is to be trusted with it, start the operator with --oauth-token-endpoints=${tokenEndpoint}=${AUDIENCE}`,
      );
  });

  it('send the secret of a client wherever a URL is listed, with an audience or without', async () => {
    const { tokenEndpoint: url } = rig.server;
    for (const endpoint of [{ url }, { url, audience: 'other.example' }])
      expect(await get(rig.byClient(), { ...rig.allowance, endpoints: [endpoint] })).to.deep.include({
        ok: true,
      });
  });

  it('say what to do where an audience has no token', async () => {
    isRefused(
      await get(rig.byExchange(), { ...rig.allowance, audiences: new Map() }),
      `the operator has no token for the audience ${AUDIENCE}: mount one into its pod and start it with --oauth-audiences=${AUDIENCE}=FILE`,
    );
  });
});
