import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RegistryCredentialStatus, RegistrySpec } from '../api/types.ts';
import { aRecord } from '../testing/pulls.ts';
import type { CredentialRecord } from './credential-record.ts';
import { serverFor, serversOf } from './credential-servers.ts';

const secretRef = { name: 's' };

/** With what status tells of each registry. */
function record(registries: RegistrySpec[], ...told: string[]): CredentialRecord {
  const status = {
    registries: told.map(server => ({ server, source: 'x' })),
  } as unknown as RegistryCredentialStatus;
  return { ...aRecord('team', 'r.example', { registries }), status };
}

describe('the servers of a RegistryCredential', () => {
  it('are those of its spec, Docker Hub where it names none', () => {
    const registries = [{ server: 'r.example/team', basic: { secretRef } }, { basic: { secretRef } }];
    expect(serversOf(record(registries))).to.deep.equal([
      { server: 'r.example/team', registry: 0 },
      { server: 'https://index.docker.io/v1/', registry: 1 },
    ]);
  });

  it('are for a docker config those that status tells, as far as it does', () => {
    const registries = [{ dockerConfig: { secretRef } }];
    expect(serversOf(record(registries))).to.deep.equal([]);
    expect(serversOf(record(registries, 'a.example, b.example, c.example and 4 more'))).to.deep.equal(
      ['a.example', 'b.example', 'c.example'].map(server => ({ server, registry: 0 })),
    );
  });

  it('are asked for an image by the rules of the kubelet', () => {
    const registries = [
      { server: 'r.example', basic: { secretRef } },
      { server: 'r.example/team', basic: { secretRef } },
      { basic: { secretRef } },
    ];
    const found = (repository: string) => serverFor(record(registries), repository)?.registry;
    expect(found('r.example/team/app')).to.equal(1);
    expect(found('r.example/app')).to.equal(0);
    expect(found('docker.io/library/nginx')).to.equal(2);
    expect(found('q.example/app')).to.equal(undefined);
  });
});
