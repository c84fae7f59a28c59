// Which registries share a fetch. A login may be written for the server of each that does, so none may for which its
// source would not hand it out.

import { expect } from 'chai';
import type { RegistrySpec } from '../api/types.ts';
import { sourceOf } from '../sources/registered.ts';
import { sourceContext } from '../testing/source-secrets.ts';
import { fetchKey } from './fetch-key.ts';

const OAUTH = { tokenEndpoint: 'https://sts.example/token', username: 'u' };
const ECR = { region: 'eu-west-1' };

const TOKENS: Readonly<Record<string, readonly [shared: RegistrySpec[], others: RegistrySpec[]]>> = {
  oauth: [
    ['r.io/a', 'r.io/b', 'other.io'].map(server => ({ server, oauth: OAUTH })),
    ['u:p@r.io', ''].map(server => ({ server, oauth: OAUTH })),
  ],
  gar: [
    ['gcr.io', 'us-docker.pkg.dev/a'].map(server => ({ server, gar: {} })),
    ['evil.io', 'gcr.io.evil.io'].map(server => ({ server, gar: {} })),
  ],
  acr: [
    ['r.azurecr.io/a', 'https://r.azurecr.io'].map(server => ({ server, acr: {} })),
    ['other.azurecr.io', 'evil.io', 'r.azurecr.io.evil.io'].map(server => ({ server, acr: {} })),
  ],
  ecr: [
    ['1', '2'].map(digit => ({ server: `${digit.repeat(12)}.dkr.ecr.eu-west-1.amazonaws.com`, ecr: ECR })),
    [{ ecr: ECR }, { server: 'evil.io', ecr: ECR }, { server: 'public.ecr.aws', ecr: ECR }],
  ],
};

describe('a fetch', () => {
  for (const [kind, [shared, others]] of Object.entries(TOKENS))
    it(`of ${kind} serves several servers, and none for which its login may not be handed out`, () => {
      const key = (registry: RegistrySpec): string => {
        const source = sourceOf(registry);
        if (source.gives !== 'tokens') throw new Error(`${source.kind} gives no tokens`);
        return fetchKey(source, registry, sourceContext());
      };
      expect(new Set(shared.map(key)).size).to.equal(1);
      expect(new Set([...shared, ...others].map(key)).size).to.equal(1 + others.length);
    });
});
