// What the CRD refuses of plain http and of CAs: no login of a registry that is known to speak TLS goes out in clear text.

import { SECRET } from './admission.ts';
import { type AdmittedRows, type RefusedRows, tryRows } from './admission-rows.ts';

const basic = SECRET;
const dockerConfig = SECRET;
const insecure = (registry?: object) => ({ registries: [{ ...registry, insecure: true }] });
const CLOUDS: Readonly<Record<string, object>> = {
  ecr: { ecr: { region: 'eu-central-1' } },
  gar: { gar: {}, server: 'gcr.io' },
  acr: { acr: {}, server: 'r.azurecr.io' },
};
const CLOUD_TLS = 'insecure beside ecr, gar, acr: the registries of clouds speak TLS, leave insecure out';

const REFUSED: RefusedRows = {
  'insecure beside a CA': [
    { registries: [{ basic, server: 'r.example.com', insecure: true, caSecretRef: { name: 'ca' } }] },
    'insecure beside caSecretRef: over plain http no certificate is shown',
  ],
  'insecure beside https://': [
    { registries: [{ basic, server: 'https://r.example.com', insecure: true }] },
    'insecure beside a server with https://: keep one of the two',
  ],
  ...Object.fromEntries(
    ['ecr', 'gar', 'acr'].map(kind => [`insecure beside ${kind}`, [insecure(CLOUDS[kind]), CLOUD_TLS]]),
  ),
  ...Object.fromEntries(
    [
      'docker.io/team',
      'http://docker.io',
      'index.docker.io/v1/',
      'ghcr.io',
      'registry-1.docker.io:443',
      '123456789012.dkr.ecr.eu-central-1.amazonaws.com',
      'r.azurecr.io',
    ].map(server => [`insecure for ${server}`, [insecure({ basic, server }), 'known to speak TLS']]),
  ),
  'insecure for Docker Hub': [insecure({ basic }), 'insecure without server: that is Docker Hub'],
};

const ADMITTED: AdmittedRows = {
  'an insecure registry on a machine of a cloud': insecure({
    basic,
    server: 'ec2-198-51-100-1.compute-1.amazonaws.com:5000',
  }),
  'an insecure registry whose name only contains a known one': insecure({
    basic,
    server: 'docker.io.example.com',
  }),
  'an insecure docker config': { registries: [{ dockerConfig, insecure: true }] },
  'a CA beside insecure on false': {
    registries: [{ basic, server: 'https://r.io', insecure: false, caSecretRef: { name: 'ca' } }],
  },
};

describe('The API server, of plain http,', () => {
  tryRows(REFUSED, ADMITTED);
});
