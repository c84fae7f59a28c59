// One entry of `registries`: where the login comes from, and for which server. A new source
// is one line in `sources`, and in `bringsServer` if its servers come with the login.

import { acr, acrRule } from './acr-schema.ts';
import { MAX_REGISTRIES } from './bounds.ts';
import { matches } from './cel-rule.ts';
import { ecr, ecrServerRule } from './ecr-schema.ts';
import { gar, garRule } from './gar-schema.ts';
import { oauth } from './oauth-schema.ts';
import { secretRef } from './object-name.ts';
import type { Schema } from './schema.ts';
import { server, serverRule } from './server-schema.ts';
import { reach, reachRules } from './verification-schema.ts';

const sources = {
  basic: {
    type: 'object',
    description: 'A user name and a password, or a token in its place, that you keep in a Secret.',
    required: ['secretRef'],
    properties: {
      secretRef: secretRef(
        "A Secret in the operator's namespace with the keys username and password, and email if the registry asks for it; one of type kubernetes.io/basic-auth fits.",
      ),
    },
  },
  dockerConfig: {
    type: 'object',
    description: 'Logins as docker login or kubectl create secret docker-registry made them.',
    required: ['secretRef'],
    properties: {
      secretRef: secretRef(
        "A Secret of type kubernetes.io/dockerconfigjson in the operator's namespace. All its logins are taken, each with its own server.",
      ),
    },
  },
  oauth,
  ecr,
  gar,
  acr,
} as const satisfies Record<string, Schema>;

/** Their logins stand in a Secret; the others ask somebody for a token. */
export const STORED_SOURCES: readonly string[] = ['basic', 'dockerConfig'];

const bringsServer: readonly (keyof typeof sources)[] = ['dockerConfig'];
/** Without a server these know one of their own, and not Docker Hub. */
const knowsServer: readonly (keyof typeof sources)[] = ['ecr'];
/** Without a server the others are for Docker Hub, which takes no such login. */
const needsServer: readonly (keyof typeof sources)[] = ['oauth', 'gar', 'acr'];

const kinds = Object.keys(sources);
const count = `[${kinds.map(kind => `has(self.${kind})`).join(', ')}].filter(given, given).size()`;

const registry = {
  type: 'object',
  properties: { server, ...sources, ...reach },
  'x-kubernetes-validations': [
    serverRule,
    ecrServerRule,
    garRule,
    acrRule,
    {
      rule: `${count} <= 1`,
      message: `more than one source: keep one of ${kinds.join(', ')}, and write a registry of its own for each other`,
    },
    { rule: `${count} >= 1`, message: `no source: write ${kinds.join(' or ')}` },
    ...bringsServer.map(kind => ({
      rule: `!(has(self.server) && has(self.${kind}))`,
      message: `server beside ${kind}, which brings its servers itself: leave server out`,
    })),
    ...needsServer.map(kind => ({
      rule: `has(self.server) || !has(self.${kind})`,
      message: `${kind} without server: write the registry that the token is a login for`,
    })),
    ...reachRules,
  ],
} as const satisfies Schema;

// Every spelling of one server, but for the scheme, that the kubelet indexes alike: a lone host may
// have /, /v1/ or /v2/ after it. The API server refuses a CRD whose rules could cost too much, and a
// value whose rules do. So the spellings are worked out once for each registry (a list of one gives
// them a name), and looked up with `in`, which costs the same however long they are.
const written = (r: string): string => `(has(${r}.server) ? ${r}.server : 'index.docker.io')`;
const bare = (r: string): string =>
  `(${written(r)}.startsWith('https://') ? ${r}.server.substring(8) : ${written(r)}.startsWith('http://') ? ${r}.server.substring(7) : ${written(r)})`;
const host = (r: string): string => `${bare(r)}.find('[^/]+')`;
const spellings = (r: string): string =>
  `(${matches(bare(r), '^[^/]+(/|/v[12]/)?$')}
  ? [${['', '/', '/v1/', '/v2/'].map(end => `${host(r)} + '${end}'`).join(', ')}]
  : [${bare(r)}])`;

const ownServer = (r: string): string =>
  `(has(${r}.server) || ${[...bringsServer, ...knowsServer].map(kind => `!has(${r}.${kind})`).join(' && ')})`;
const isOnly = `[${spellings('r')}].all(same, self.exists_one(other, ${ownServer('other')} && ${bare('other')} in same))`;

export const registries = {
  type: 'array',
  description:
    'The logins that go into the Secret, 1 to 64 of them, each from exactly one source: basic, dockerConfig, oauth, ecr, gar or acr. Where two of them turn out to be for the same server, the first in the list counts.',
  items: registry,
  minItems: 1,
  maxItems: MAX_REGISTRIES,
  'x-kubernetes-list-type': 'atomic',
  'x-kubernetes-validations': [
    {
      rule: `self.all(r, !(${ownServer('r')}) || ${isOnly})`,
      message:
        'two registries are for the same server: keep one of them; http://, https://, /v1/ and /v2/ make no difference, and left out it is Docker Hub, index.docker.io',
    },
  ],
} as const satisfies Schema;
