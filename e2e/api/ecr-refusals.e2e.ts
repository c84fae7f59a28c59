// What the CRD refuses of the source ecr. That no host of somebody else can be named is part of what keeps the
// operator's identity, and what it fetches, with AWS.

import { SECRET } from './admission.ts';
import { type AdmittedRows, type RefusedRows, tryRows } from './admission-rows.ts';

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));

const only = (registry: object) => ({ registries: [registry] });
const region = 'eu-central-1';
const at = (server: string, ecr: object = { region }) => only({ server, ecr });
const roleArn = 'arn:aws:iam::123456789012:role/pull';

const WRONG_SERVER =
  'server beside ecr is not one of its registries: write ACCOUNT.dkr.ecr.REGION.amazonaws.com';
const NO_ROLE = 'ecr.roleArn is not the ARN of a role: write arn:aws:iam::ACCOUNT:role/NAME';
const NO_REGION = 'ecr.region is no region of AWS: write it as in the host name of your images';

const REFUSED: RefusedRows = {
  'neither region nor public': [only({ ecr: {} }), 'ecr without region: write the region'],
  'public: false and no region': [only({ ecr: { public: false } }), 'ecr without region: write the region'],
  'region and public': [
    only({ ecr: { region, public: true } }),
    'ecr with region and public: true: keep one',
  ],
  'a region that is a host': [only({ ecr: { region: 'evil.example.com/eu-central-1' } }), NO_REGION],
  'a region that ends the host name': [only({ ecr: { region: 'eu-central-1#' } }), NO_REGION],
  'a zone for a region': [only({ ecr: { region: 'eu-central-1a' } }), NO_REGION],
  'a role by its name': [only({ ecr: { region, roleArn: 'pull' } }), NO_ROLE],
  'a user for a role': [only({ ecr: { region, roleArn: roleArn.replace('role', 'user') } }), NO_ROLE],
  'an external id without role': [
    only({ ecr: { region, externalId: 'ours' } }),
    'externalId without roleArn',
  ],
  'an external id with a space': [
    only({ ecr: { region, roleArn, externalId: 'a b' } }),
    'externalId is none',
  ],
  'an endpoint': [only({ ecr: { region, endpoint: 'https://evil.example.com' } }), 'unknown field'],
  'keys in the spec': [only({ ecr: { region, secretAccessKey: 'x' } }), 'unknown field'],
  'a host of somebody else': [at('registry.example.com'), WRONG_SERVER],
  'a host of somebody else that begins like one': [
    at('123456789012.dkr.ecr.eu-central-1.amazonaws.com.evil.example.com'),
    WRONG_SERVER,
  ],
  'a host of somebody else with the rest as its path': [
    at('evil.example.com/123456789012.dkr.ecr.eu-central-1.amazonaws.com'),
    WRONG_SERVER,
  ],
  'a registry with a port': [at('123456789012.dkr.ecr.eu-central-1.amazonaws.com:8443'), WRONG_SERVER],
  'a registry of another region': [at('123456789012.dkr.ecr.eu-west-1.amazonaws.com'), WRONG_SERVER],
  'another region with the right one in its path': [
    at('123456789012.dkr.ecr.eu-west-1.amazonaws.com/x.eu-central-1.x'),
    WRONG_SERVER,
  ],
  'a part of an account': [at('12345*.dkr.ecr.eu-central-1.amazonaws.com'), WRONG_SERVER],
  'every host of a region': [at('*.*.*.eu-central-1.amazonaws.com'), WRONG_SERVER],
  'ECR Public beside a region': [at('public.ecr.aws'), WRONG_SERVER],
  'a private registry beside public': [
    at('123456789012.dkr.ecr.us-east-1.amazonaws.com', { public: true }),
    WRONG_SERVER,
  ],
  'the same registry twice': [
    {
      registries: times(2, () => ({
        server: '123456789012.dkr.ecr.eu-central-1.amazonaws.com',
        ecr: { region },
      })),
    },
    'two registries are for the same server: keep one of them',
  ],
};

const ADMITTED: AdmittedRows = {
  'a region': only({ ecr: { region } }),
  'ECR Public': only({ ecr: { public: true } }),
  'ECR Public by its name, and a part of it': {
    registries: ['public.ecr.aws', 'public.ecr.aws/alias'].map(server => ({ server, ecr: { public: true } })),
  },
  'two regions, whose registries nobody knows yet, and Docker Hub': {
    registries: [{ ecr: { region } }, { ecr: { region: 'us-east-1' } }, { basic: SECRET }],
  },
  'the registry of another account, with a role of it': at(
    'https://123456789012.dkr.ecr.eu-central-1.amazonaws.com/team',
    { region, roleArn, externalId: 'ours:1', secretRef: SECRET.secretRef },
  ),
  'every account': at('*.dkr.ecr.eu-central-1.amazonaws.com'),
  'FIPS in GovCloud': at('123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', {
    region: 'us-gov-west-1',
  }),
  IPv6: at('123456789012.dkr-ecr.eu-central-1.on.aws'),
  China: at('123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', {
    region: 'cn-north-1',
    roleArn: 'arn:aws-cn:iam::123456789012:role/team/pull',
  }),
  'the European Sovereign Cloud': at('123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu', {
    region: 'eusc-de-east-1',
  }),
  'an isolated region': at('123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov', { region: 'us-iso-east-1' }),
  'everything as long as it may be': {
    registries: times(64, i => ({
      server: `https://1234567890${10 + i}.dkr.ecr-fips.ap-southeast-1.amazonaws.com.cn/${'a'.repeat(185)}`,
      ecr: {
        region: 'ap-southeast-1',
        roleArn: `arn:aws-us-gov:iam::123456789012:role/${'r'.repeat(576)}`,
        externalId: 'x'.repeat(1224),
        secretRef: { name: 'a'.repeat(253) },
      },
    })),
  },
};

describe('Of the source ecr the API server', () => {
  tryRows(REFUSED, ADMITTED);
});
