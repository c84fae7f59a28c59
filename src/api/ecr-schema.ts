// The source `ecr`: which of Amazon's registries, and as whom. There is no endpoint in it: the operator shows its
// identity to AWS' own hosts and to nobody else's.

import { MAX_EXTERNAL_ID, MAX_REGION, MAX_ROLE_ARN } from './bounds.ts';
import { type Mistake, matches, refusal } from './cel-rule.ts';
import {
  EXTERNAL_ID,
  PRIVATE_SERVER_PATTERN,
  PUBLIC_SERVER_PATTERN,
  REGION,
  ROLE_ARN,
} from './ecr-server.ts';
import { secretRef } from './object-name.ts';
import type { Rule, Schema } from './schema.ts';

const isPublic = (ecr: string): string => `has(${ecr}.public) && ${ecr}.public`;
const SERVER =
  'ACCOUNT.dkr.ecr.REGION.amazonaws.com with the region of ecr.region, * in the place of ACCOUNT for every account, or';

const mistakes: readonly Mistake[] = [
  {
    when: `!has(self.region) && !(${isPublic('self')})`,
    say: 'ecr without region: write the region in the host name of your images, such as eu-central-1, or public: true for public.ecr.aws',
  },
  {
    when: `has(self.region) && ${isPublic('self')}`,
    say: 'ecr with region and public: true: keep one of them, ECR Public has no regions',
  },
  {
    when: `has(self.region) && !${matches('self.region', `^${REGION}$`)}`,
    say: 'ecr.region is no region of AWS: write it as in the host name of your images, such as eu-central-1',
  },
  {
    when: `has(self.roleArn) && !${matches('self.roleArn', `^${ROLE_ARN}$`)}`,
    say: 'ecr.roleArn is not the ARN of a role: write arn:aws:iam::ACCOUNT:role/NAME',
  },
  {
    when: 'has(self.externalId) && !has(self.roleArn)',
    say: 'ecr.externalId without roleArn: it is only sent to take on a role',
  },
  {
    when: `has(self.externalId) && !${matches('self.externalId', `^${EXTERNAL_ID}$`)}`,
    say: 'ecr.externalId is none: write 2 or more letters, digits and _+=,.@:/-, as the trust policy of the role has it',
  },
];

export const ecr = {
  type: 'object',
  description:
    'A login of Amazon ECR, fetched with an identity of AWS and again before it ends: of a private registry with region, of public.ecr.aws with public. It may do what that identity may, and can be read in every selected namespace.',
  properties: {
    region: {
      type: 'string',
      description:
        'The region of the registry, as in the host name of its images, such as eu-central-1. Without server the login is for the registry of the account that the identity belongs to.',
      maxLength: MAX_REGION,
    },
    public: {
      type: 'boolean',
      description: 'A login of public.ecr.aws, whose limits are wider than those for nobody.',
    },
    roleArn: {
      type: 'string',
      description:
        "A role that is taken on first, such as one of the account that the registry belongs to. The operator's identity has to be allowed to.",
      maxLength: MAX_ROLE_ARN,
    },
    externalId: {
      type: 'string',
      description: 'What the trust policy of roleArn may ask for as sts:ExternalId. It is no secret.',
      maxLength: MAX_EXTERNAL_ID,
    },
    secretRef: secretRef(
      "A Secret in the operator's namespace with the keys accessKeyId and secretAccessKey, and sessionToken if they are temporary. Left out, it is the identity of the operator's own pod.",
    ),
  },
  'x-kubernetes-validations': [refusal('ecr: write region, or public: true', mistakes)],
} as const satisfies Schema;

const bare = "self.server.replace('https://', '').replace('http://', '')";
const inRegion = `has(self.ecr.region) && ${bare}.find('^[^/]+').contains('.' + self.ecr.region + '.')`;

/** Of the registry, for it looks at `server`: the login goes to whoever that names. */
export const ecrServerRule = {
  rule: `!has(self.ecr) || !has(self.server) || ((${isPublic('self.ecr')})
  ? ${matches(bare, PUBLIC_SERVER_PATTERN)}
  : ${matches(bare, PRIVATE_SERVER_PATTERN)} && ${inRegion})`,
  message: `server beside ecr is not one of its registries: write ${SERVER} public.ecr.aws with public: true; or leave server out`,
  fieldPath: '.server',
} as const satisfies Rule;
