// What is counted of a whole story: how far everybody is, how long changes take, and what is put right.

import { expect } from 'chai';
import { PULL_SECRETS_ANNOTATION } from '../api/names.ts';
import { ApiError, TransportError } from '../kube/errors.ts';
import { MOST_TOLD } from '../metrics/credentials.ts';
import { createMetrics } from '../metrics.ts';
import { aCredential, aNamespace, aSecret, aServiceAccount } from '../testing/builders.ts';
import { OperatorRig } from '../testing/operator-rig.ts';
import { TokenRig } from '../testing/token-rig.ts';

describe('the metrics of an operator', () => {
  let rig: OperatorRig;
  let metrics: ReturnType<typeof createMetrics>;

  beforeEach(() => {
    rig = new OperatorRig();
    metrics = createMetrics('0.0.0');
    rig.metrics = metrics;
  });

  afterEach(() => rig.stop());

  const series = async (): Promise<Map<string, number>> => {
    const lines = (await metrics.text()).split('\n').filter(line => line !== '' && !line.startsWith('#'));
    return new Map(lines.map(line => [line.replace(/ \S+$/, ''), Number(line.split(' ').at(-1))]));
  };
  const told = async (part: string): Promise<Record<string, number>> =>
    Object.fromEntries([...(await series())].filter(([name]) => name.includes(part)));
  const value = async (name: string): Promise<number | undefined> => (await series()).get(name);
  const ready = async (): Promise<string[]> =>
    Object.entries(await told('regcred_ready{credential="team"'))
      .filter(([, is]) => is === 1)
      .map(([name]) => /status="(\w+)"/.exec(name)?.[1] ?? name);
  const team = () => aCredential('team').withBasic('r.io', 'login');

  it('say how many namespaces, ServiceAccounts and registries are well', async () => {
    rig.server.given(aNamespace('a').optedIn(), aNamespace('b').optedIn(), team());
    rig.server.given(aNamespace('foreign').optedIn(), aServiceAccount('a', 'ci'));
    rig.server.given(aSecret('regcred').in('foreign'));
    await rig.start();
    const counted = Object.entries(await told('credential=')).filter(([, is]) => is > 0);
    expect(Object.fromEntries(counted)).to.deep.equal({
      'regcred_ready{credential="team",status="True"}': 1,
      'regcred_namespaces{credential="team",state="synced"}': 2,
      'regcred_namespaces{credential="team",state="failed"}': 1,
      'regcred_service_accounts{credential="team",state="attached"}': 3,
      'regcred_service_accounts{credential="team",state="missing"}': 1,
      'regcred_registries{credential="team",state="serving"}': 1,
    });
  });

  it('say 0 of the registries of a RegistryCredential that is stalled, for it serves nobody', async () => {
    rig.server.given(aNamespace('a').optedIn(), team());
    await rig.start();
    rig.server.update('registrycredentials', 'team', ({ spec }) => {
      spec.secretName = 'unserved';
    });
    await rig.settle();
    const registries = Object.values(await told('regcred_registries'));
    expect([registries.length, new Set(registries)]).to.deep.equal([7, new Set([0])]);
  });

  it('say whether it is Ready, also where status cannot be written any more', async () => {
    rig.server.given(aNamespace('a').optedIn(), team());
    await rig.start();
    expect(await ready()).to.deep.equal(['True']);
    rig.server.before = ({ path }) => {
      if (path.includes('/registrycredentials/')) throw new ApiError(403, 'Forbidden', 'no right', []);
    };
    rig.server.update('registrycredentials', 'team', ({ spec }) => {
      spec.secretName = 'unserved';
    });
    await rig.settle();
    expect(rig.told('team')).to.equal('True Synced 1/1');
    expect(await ready()).to.deep.equal(['False']);
    rig.server.before = undefined;
  });

  it('say that none is Ready while ServiceAccounts may not be listed', async () => {
    rig.server.given(aNamespace('a').optedIn(), team());
    rig.server.beforeWatch = ({ path }) => {
      if (path.endsWith('/serviceaccounts'))
        throw new ApiError(403, 'Forbidden', 'User "x" cannot list resource "serviceaccounts"');
    };
    await rig.start();
    await rig.settle(20_000);
    expect(await ready()).to.deep.equal(['False']);
    expect(await value('reflector_following{name="serviceaccounts"}')).to.equal(0);
    rig.server.beforeWatch = undefined;
  });

  it('say what was told of Ready last until a replica that takes over knows more', async () => {
    rig.server.given(aNamespace('a').optedIn(), team());
    await rig.start();
    await rig.stop();
    rig.server.before = ({ method }) => (method === 'PATCH' ? passes(rig, 60_000) : undefined);
    rig.newPassword('new');
    await rig.start();
    expect(await ready()).to.deep.equal(['True']);
    rig.server.before = undefined;
    await rig.settle(70_000);
    expect([rig.logins('a'), await ready()]).to.deep.equal(['r.io=new', ['True']]);
  });

  it('say when the login of a suspended one ended, over a restart too', async () => {
    const tokens = new TokenRig();
    tokens.metrics = metrics;
    rig = tokens;
    tokens.server.given(aCredential('team').withToken('r.io'));
    await tokens.start();
    tokens.setSpec({ suspend: true });
    await tokens.settle(2 * 60 * 60_000);
    const ended = Date.parse(tokens.status?.expiresAt ?? '');
    expect(ended).to.be.below(tokens.clock.now());
    const expiry = () =>
      value('regcred_credential_expiry_timestamp_seconds{credential="team",state="serving"}');
    expect([await expiry(), await ready()]).to.deep.equal([ended / 1000, ['Unknown']]);
    await tokens.restart();
    expect([await expiry(), await ready()]).to.deep.equal([ended / 1000, ['Unknown']]);
  });

  it('tell nothing of RegistryCredentials while another replica leads', async () => {
    rig.server.given(aNamespace('a').optedIn(), team());
    await rig.start();
    expect(await told('credential="team"')).to.not.deep.equal({});
    // A change that would wait for ever.
    rig.server.before = () => {
      throw new TransportError('could not PATCH: no answer');
    };
    rig.server.given(aNamespace('b').optedIn());
    await rig.settle(5_000);
    expect(await value('regcred_sync_pending_seconds')).to.equal(5);
    rig.controller.standBy();
    expect(await told('credential=')).to.deep.equal({});
    expect(await value('regcred_sync_pending_seconds')).to.equal(0);
    rig.server.before = undefined;
  });

  it('time a change from its event to the last write, and nothing where nothing was written', async () => {
    rig.server.given(aNamespace('a').optedIn(), team());
    await rig.start();
    const [count, sum] = ['regcred_sync_lag_seconds_count', 'regcred_sync_lag_seconds_sum'];
    const before = await series();
    rig.server.given(aNamespace('unselected'));
    await rig.settle();
    expect(await value(count)).to.equal(before.get(count));
    rig.server.before = ({ path }) => (path.endsWith('/secrets/regcred') ? passes(rig, 2_000) : undefined);
    rig.server.given(aNamespace('b').optedIn());
    await rig.settle(1_500);
    expect(await value('regcred_sync_pending_seconds')).to.equal(1.5);
    await rig.settle();
    expect(await value('regcred_sync_pending_seconds')).to.equal(0);
    expect((await value(count)) ?? 0).to.equal((before.get(count) ?? 0) + 1);
    expect(((await value(sum)) ?? 0) - (before.get(sum) ?? 0)).to.be.within(2, 2.1);
  });

  it('let a change wait for as long as the API server does not take it', async () => {
    rig.server.given(team());
    await rig.start();
    rig.server.before = ({ path }) => {
      if (path.endsWith('/secrets/regcred')) throw new TransportError('could not PATCH: no answer');
    };
    rig.server.given(aNamespace('a').optedIn());
    await rig.settle(60_000);
    expect(await value('regcred_sync_pending_seconds')).to.equal(60);
    rig.server.before = undefined;
    await rig.settle(40_000);
    expect(await value('regcred_sync_pending_seconds')).to.equal(0);
    expect(await value('regcred_sync_lag_seconds_bucket{le="60"}')).to.equal(0);
    expect(await value('regcred_sync_lag_seconds_count')).to.equal(1);
  });

  it('let nothing wait for a namespace that refuses', async () => {
    rig.server.given(team());
    await rig.start();
    const quota = new ApiError(403, 'Forbidden', 'exceeded quota: small, requested: secrets=1', []);
    rig.server.before = ({ path }) => {
      if (path.endsWith('/quota/secrets/regcred')) throw quota;
    };
    rig.server.given(aNamespace('quota').optedIn());
    rig.server.given(aNamespace('foreign').optedIn(), aSecret('regcred').in('foreign'));
    await rig.settle(60_000);
    expect(await value('regcred_namespaces{credential="team",state="failed"}')).to.equal(2);
    expect(await value('regcred_sync_pending_seconds')).to.equal(0);
  });

  it('count what is put right, once for each object', async () => {
    rig.server.given(aNamespace('a').optedIn(), aNamespace('b').optedIn(), team());
    await rig.start();
    rig.newPassword('new');
    rig.server.given(aServiceAccount('a', 'ci'));
    await rig.settle();
    const [secrets, accounts] = ['secrets', 'serviceaccounts'].map(
      resource => `regcred_drift_corrections_total{resource="${resource}"}`,
    ) as [string, string];
    expect([await value(secrets), await value(accounts)]).to.deep.equal([0, 0]);
    rig.server.delete('secrets', 'a', 'regcred');
    rig.server.update('secrets', 'b/regcred', secret => {
      secret.data = { '.dockerconfigjson': Buffer.from('{}').toString('base64') };
    });
    rig.server.update('serviceaccounts', 'b/default', account => {
      account.imagePullSecrets = [{ name: 'mine' }];
    });
    await rig.settle();
    expect([rig.logins('a'), rig.logins('b')]).to.deep.equal(['r.io=new', 'r.io=new']);
    expect([await value(secrets), await value(accounts)]).to.deep.equal([2, 1]);
  });

  it('count no repair where nothing is wanted any more', async () => {
    rig.server.given(aNamespace('a').optedIn(), team());
    await rig.start();
    rig.server.annotate('serviceaccounts', 'a/default', { [PULL_SECRETS_ANNOTATION]: null });
    rig.server.delete('registrycredentials', 'team');
    await rig.settle();
    expect(rig.logins('a')).to.equal(undefined);
    expect(Object.values(await told('drift'))).to.deep.equal([0, 0]);
  });

  it('have no more series after thousands of RegistryCredentials than before', async function () {
    this.timeout(60_000);
    rig.server.given(aNamespace('a').optedIn());
    await rig.start();
    let most = 0;
    for (let batch = 0; batch < 30; batch++) {
      const names = Array.from({ length: 100 }, (_, n) => `c-${batch}-${n}`);
      rig.server.given(
        ...names.map(name =>
          aCredential(name)
            .withBasic('r.io', 'login')
            .inNamespaces({ matchLabels: { no: 'one' } }),
        ),
      );
      await rig.settle(500);
      most = Math.max(most, Object.keys(await told('state="serving"')).length);
      for (const name of names) rig.server.delete('registrycredentials', name);
      await rig.settle(500);
    }
    expect(most).to.be.within(100, MOST_TOLD + 1);
    expect([...(await series()).keys()].filter(name => name.includes('c-'))).to.deep.equal([]);
    expect(await told('credential=')).to.deep.equal({});
  });
});

const passes = (rig: OperatorRig, milliseconds: number): Promise<void> =>
  new Promise(resolve => void rig.clock.setTimeout(resolve, milliseconds));
