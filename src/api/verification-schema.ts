// Whether and how logins are tried at their registries: `verification` of the spec, and what each registry says
// about how it is reached.

import { MAX_IMAGE } from './bounds.ts';
import { type Mistake, matches, refusal } from './cel-rule.ts';
import { secretRef } from './object-name.ts';
import type { Rule, Schema } from './schema.ts';
import { TLS_ONLY_SERVER } from './tls-only.ts';

const HOST_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const HOST = `(${HOST_LABEL}(\\.${HOST_LABEL})*|\\[[0-9a-f:.]+\\])(:[1-9][0-9]{0,4})?`;
const PART = '[a-z0-9]+([._-]+[a-z0-9]+)*';
const TAG = '[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}';
const DIGEST = 'sha256:[0-9a-f]{64}';

const FORM = 'HOST/PATH:TAG or HOST/PATH@DIGEST, such as registry.example.com/team/app:v1';
const image = 'self.image';

const mistakes: readonly Mistake[] = [
  { when: `${image} == ''`, say: `image is empty: write ${FORM}, or leave image out` },
  { when: matches(image, '\\s'), say: `image has a space in it: write ${FORM}` },
  { when: `${image}.contains('://')`, say: `image has a scheme: write ${FORM}, without it` },
  {
    when: `${image}.contains('@') && !${matches(image, `@${DIGEST}$`)}`,
    say: `image has an @ that begins no digest: write ${FORM}, with @sha256: and 64 digits`,
  },
  {
    when: `!${matches(image, `^(${HOST}/)?${PART}(/${PART})*(:${TAG})?(@${DIGEST})?$`)}`,
    say: `image is no name of an image: write ${FORM}, in lower-case letters but for the tag`,
  },
];

const { rule, ...messages } = refusal(`image: write ${FORM}`, mistakes);

export const verification = {
  type: 'object',
  description:
    'Whether each login is tried at its registry. Left out, it is what the operator was started with: Report, unless it was told otherwise.',
  properties: {
    mode: {
      type: 'string',
      description:
        'Off, which YAML wants in quotes, tries nothing. Report rolls a login out at once, and status says what its registry says. Enforce waits for the registry, a minute at most, and keeps a login that it rejects from being rolled out: the last one stays. A registry that cannot be asked keeps nothing back, and a login that is rolled out is never taken away.',
      enum: ['Off', 'Report', 'Enforce'],
    },
    image: {
      type: 'string',
      description:
        'An image whose manifest is asked for as well, with the login that the kubelet would use for it: that a registry takes a login does not mean that it gives it the image. Only the manifest is read.',
      maxLength: MAX_IMAGE,
    },
  },
  // A rule of the object: the API server repeats a bad string in its answer.
  'x-kubernetes-validations': [{ rule: `!has(${image}) || (${rule})`, ...messages, fieldPath: '.image' }],
} as const satisfies Schema;

/** Fields of a registry that are about trying its login, and nothing else. */
export const reach = {
  caSecretRef: secretRef(
    "A Secret in the operator's namespace with the key ca.crt: certificates in PEM to trust besides the usual ones when the login is tried. Nodes do not read it: they need the CA in the configuration of their container runtime.",
  ),
  insecure: {
    type: 'boolean',
    description:
      'True: the login is tried over plain http, so that anybody on the way can read it; beside dockerConfig, all its logins but those for registries that are known to speak TLS. Nodes do not read this. Left out, it is false; a registry at localhost is asked over plain http anyway.',
  },
} as const satisfies Record<string, Schema & { readonly description: string }>;

/** Sources whose logins are for the registries of a cloud, and no other. */
const clouds = ['ecr', 'gar', 'acr'];
const isInsecure = 'has(self.insecure) && self.insecure';

export const reachRules: readonly Rule[] = [
  {
    rule: `!(${isInsecure} && has(self.caSecretRef))`,
    message: 'insecure beside caSecretRef: over plain http no certificate is shown, so keep one of the two',
  },
  {
    rule: `!(${isInsecure} && has(self.server) && self.server.startsWith('https://'))`,
    message: 'insecure beside a server with https://: keep one of the two',
  },
  {
    rule: `!(${isInsecure} && (${clouds.map(kind => `has(self.${kind})`).join(' || ')}))`,
    message: `insecure beside ${clouds.join(', ')}: the registries of clouds speak TLS, leave insecure out`,
  },
  {
    rule: `!(${isInsecure} && has(self.server) && ${matches('self.server', TLS_ONLY_SERVER)})`,
    message: 'insecure beside a registry that is known to speak TLS: leave insecure out',
  },
  {
    rule: `!(${isInsecure} && !has(self.server) && !has(self.dockerConfig))`,
    message:
      'insecure without server: that is Docker Hub, which speaks TLS; leave insecure out, or write server',
  },
];
