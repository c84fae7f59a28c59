// What the CRD refuses of the sources gar and acr. A token of a cloud is handed out for that cloud's registries only,
// and nobody else is asked: no host of somebody else can be named.

import { expect } from 'chai';
import { admitted, installCrd, refused, SECRET } from './admission.ts';

const only = (registry: object) => ({ registries: [registry] });
const secretRef = { name: 'google' };
const id = '11111111-2222-3333-4444-555555555555';
const gar = (server?: string, spec: object = {}) => only({ ...(server && { server }), gar: spec });
const acr = (server?: string, spec: object = {}) => only({ ...(server && { server }), acr: spec });
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

const NOT_GOOGLE = 'gar with a server that is no registry of Google';
const NOT_AZURE = 'acr with a server that is no registry of Azure';

const REFUSED: Readonly<Record<string, readonly [spec: unknown, message: string]>> = {
  'gar without server': [gar(), 'gar without server'],
  'gar for Docker Hub': [gar('docker.io/library'), NOT_GOOGLE],
  'gar for a host that ends like Google': [gar('xgcr.io'), NOT_GOOGLE],
  'gar for a host that begins like Google': [gar('gcr.io.example.com'), NOT_GOOGLE],
  'gar with Google in the path': [gar('evil.example.com/gcr.io'), NOT_GOOGLE],
  'gar for every host of two parts': [gar('*.io'), NOT_GOOGLE],
  'gar for a host with a port': [gar('gcr.io:8443'), NOT_GOOGLE],
  'gar over plain http': [gar('http://gcr.io'), NOT_GOOGLE],
  'a token endpoint beside gar': [gar('gcr.io', { tokenUrl: 'https://evil.example.com' }), 'unknown field'],
  'a key in the spec': [gar('gcr.io', { credentials: '{}' }), 'unknown field'],
  'acr without server': [acr(), 'acr without server'],
  'acr for another registry': [acr('registry.example.com'), NOT_AZURE],
  'acr for a host that begins like Azure': [acr('r.azurecr.io.example.com'), NOT_AZURE],
  'acr for a host that ends like Azure': [acr('razurecr.io'), NOT_AZURE],
  'acr for all of Azure': [acr('*.azurecr.io'), NOT_AZURE],
  'acr for no registry of Azure': [acr('azurecr.io'), NOT_AZURE],
  'acr for a host with a port': [acr('r.azurecr.io:8443'), NOT_AZURE],
  'an authority beside acr': [acr('r.azurecr.io', { authorityHost: 'https://evil' }), 'unknown field'],
  'a client secret of nobody': [
    acr('r.azurecr.io', { secretRef }),
    'acr.secretRef without tenantId and clientId',
  ],
  'a client secret without tenant': [
    acr('r.azurecr.io', { secretRef, clientId: id }),
    'acr.secretRef without tenantId and clientId',
  ],
  'a tenant that is a path': [acr('r.azurecr.io', { tenantId: '../common' }), 'acr.tenantId is no tenant'],
  'a tenant that is a URL': [acr('r.azurecr.io', { tenantId: 'https://x' }), 'acr.tenantId is no tenant'],
  'a secret for a client ID': [
    acr('r.azurecr.io', { clientId: 'not~a-real.secret' }),
    'acr.clientId is no client ID',
  ],
  'the same registry twice': [
    { registries: times(2, () => ({ server: 'gcr.io', gar: {} })) },
    'two registries are for the same server',
  ],
  'two sources': [only({ server: 'gcr.io', gar: {}, basic: SECRET }), 'more than one source'],
};

const ADMITTED: Readonly<Record<string, unknown>> = {
  'a region of Artifact Registry': gar('europe-west3-docker.pkg.dev'),
  'one repository of it': gar('us-docker.pkg.dev/project/images', { secretRef }),
  'all of its regions': gar('*-docker.pkg.dev'),
  'gcr.io': gar('gcr.io/project'),
  'gcr.io as a URL': gar('https://gcr.io'),
  'a registry of Azure as a URL': acr('https://registry.azurecr.io/team'),
  'a region of gcr.io': gar('eu.gcr.io'),
  'a registry of Azure': acr('registry.azurecr.io'),
  'one of the US government, in part': acr('registry.azurecr.us/team', { clientId: id }),
  'one of China with a client secret': acr('registry.azurecr.cn', {
    secretRef,
    tenantId: 'example.partner.onmschina.cn',
    clientId: id,
  }),
  'one whose name has a hash and a region': acr('registry-abc123.eastus.geo.azurecr.io', { tenantId: id }),
  'as many as there may be, as long as they may be': {
    registries: times(64, index =>
      index % 2 === 0
        ? {
            server: `r${index}.azurecr.io/${'x'.repeat(230)}`,
            acr: { tenantId: id, clientId: id, secretRef },
          }
        : { server: `r${index}-docker.pkg.dev/${'x'.repeat(230)}`, gar: { secretRef } },
    ),
  },
};

describe('the sources gar and acr at admission', () => {
  before(installCrd);

  for (const [title, [spec, message]] of Object.entries(REFUSED)) {
    it(`${title} is refused, with what to write`, async () => {
      expect(await refused(spec))
        .to.contain(message)
        .and.not.contain('not~a-real');
    });
  }
  for (const [title, spec] of Object.entries(ADMITTED)) {
    it(`${title} is admitted`, async () => {
      await admitted(spec);
    });
  }
});
