// What is told of RegistryCredentials: while they are there, and of so many at most.

import { expect } from 'chai';
import { Registry } from 'prom-client';
import {
  type CredentialNumbers,
  credentialMetrics,
  MOST_TOLD,
  type Outcome,
  type RegistryNumbers,
} from './credentials.ts';

const numbers = (name: string, others: Partial<CredentialNumbers> = {}): CredentialNumbers => ({
  name,
  ready: 'True',
  namespaces: { synced: 2, failed: 1 },
  serviceAccounts: { attached: 5, missing: 3 },
  registries: [
    { state: 'serving', expiresAt: 1_767_225_600 },
    { state: 'serving', expiresAt: 1_767_312_000 },
    { state: 'kept', expiresAt: 1_767_398_400 },
  ],
  ...others,
});

const ending = (expiresAt: number): RegistryNumbers => ({ state: 'serving', expiresAt });

function scraped() {
  const register = new Registry();
  const { collect, ...metrics } = credentialMetrics(register);
  return {
    ...metrics,
    series: async (): Promise<string[]> => {
      collect();
      return (await register.metrics()).split('\n').filter(line => line !== '' && !line.startsWith('#'));
    },
  };
}

describe('what is told of a RegistryCredential', () => {
  it('is whether it is Ready, how many namespaces, ServiceAccounts and registries are well, when the first of its logins ends that fare alike, and what registries say', async () => {
    const metrics = scraped();
    metrics.registerCredentials(() => [numbers('team')]);
    metrics.registerVerification(() => [
      ['team', 'verified'],
      ['team', 'verified'],
      ['team', 'rejected'],
    ]);
    expect(await metrics.series()).to.deep.equal([
      'regcred_ready{credential="team",status="True"} 1',
      'regcred_ready{credential="team",status="False"} 0',
      'regcred_ready{credential="team",status="Unknown"} 0',
      'regcred_namespaces{credential="team",state="synced"} 2',
      'regcred_namespaces{credential="team",state="failed"} 1',
      'regcred_service_accounts{credential="team",state="attached"} 5',
      'regcred_service_accounts{credential="team",state="missing"} 3',
      'regcred_registries{credential="team",state="serving"} 2',
      'regcred_registries{credential="team",state="partial"} 0',
      'regcred_registries{credential="team",state="kept"} 1',
      'regcred_registries{credential="team",state="expiring"} 0',
      'regcred_registries{credential="team",state="expired"} 0',
      'regcred_registries{credential="team",state="unknown"} 0',
      'regcred_registries{credential="team",state="failed"} 0',
      'regcred_credential_expiry_timestamp_seconds{credential="team",state="kept"} 1767398400',
      'regcred_credential_expiry_timestamp_seconds{credential="team",state="serving"} 1767225600',
      'regcred_verification{credential="team",result="verified"} 2',
      'regcred_verification{credential="team",result="rejected"} 1',
      'regcred_verification{credential="team",result="denied"} 0',
      'regcred_verification{credential="team",result="inconclusive"} 0',
    ]);
  });

  it('ends with it, and says 0 of what is over', async () => {
    const metrics = scraped();
    let all = [numbers('gone'), numbers('mended')];
    let said: Outcome[] = [['mended', 'rejected']];
    metrics.registerCredentials(() => all);
    metrics.registerVerification(() => said);
    await metrics.series();
    all = [numbers('mended', { ready: 'False', registries: [{ state: 'serving', expiresAt: undefined }] })];
    said = [];
    const series = (await metrics.series()).join('\n');
    expect(series).to.not.include('gone').and.not.include('expiry');
    expect(series)
      .to.include('regcred_registries{credential="mended",state="serving"} 1')
      .and.include('regcred_registries{credential="mended",state="kept"} 0')
      .and.include('regcred_verification{credential="mended",result="rejected"} 0')
      .and.include('regcred_ready{credential="mended",status="False"} 1')
      .and.include('regcred_ready{credential="mended",status="True"} 0');
  });

  it('comes from the last who is to be asked', async () => {
    const metrics = scraped();
    metrics.registerCredentials(() => [numbers('earlier')]);
    metrics.registerCredentials(() => [numbers('later')]);
    expect((await metrics.series()).join('\n'))
      .to.include('later')
      .and.not.include('earlier');
  });

  it('is told together of those that are too many', async () => {
    const metrics = scraped();
    const names = Array.from({ length: MOST_TOLD + 3 }, (_, n) => `c-${String(n).padStart(5, '0')}`);
    metrics.registerCredentials(() =>
      names.map((name, index) => numbers(name, { registries: [ending(2_000_000_000 - index)] })).toReversed(),
    );
    metrics.registerVerification(() => names.map(name => [name, 'verified'] as const));
    const series = await metrics.series();
    expect(new Set(series.map(line => /credential="([^"]+)"/.exec(line)?.[1])).size).to.equal(MOST_TOLD + 1);
    expect(series)
      .to.include('regcred_namespaces{credential="_others",state="synced"} 6')
      .and.include('regcred_ready{credential="_others",status="True"} 3')
      .and.include('regcred_verification{credential="_others",result="verified"} 3')
      .and.include(
        `regcred_credential_expiry_timestamp_seconds{credential="_others",state="serving"} ${2_000_000_000 - names.length + 1}`,
      )
      .and.include('regcred_namespaces{credential="c-00999",state="synced"} 2');
  });
});
