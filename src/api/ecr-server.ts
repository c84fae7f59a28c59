// How ECR names things. What an author writes decides which of AWS' hosts the operator shows its identity to, so
// nothing else may fit: in the schema, and again in the code, which may meet an object of another CRD.

/** us-east-1, us-gov-west-1, eusc-de-east-1. */
export const REGION = '[a-z]{2,4}(-[a-z]{2,12}){1,3}-[0-9]{1,2}';

const ACCOUNT = '[0-9]{12}';

/** No counts: the lengths are bounded, and RE2 takes none over 1000. */
export const ROLE_ARN = `arn:aws(-[a-z]{1,8}){0,3}:iam::${ACCOUNT}:role/[A-Za-z0-9_+=,.@/-]+`;
export const EXTERNAL_ID = '[A-Za-z0-9_+=,.@:/-]{2,}';

/** The ends that AWS gives its partitions, and those of the endpoints that have IPv6 as well. */
const SUFFIXES = [
  'amazonaws.com',
  'amazonaws.com.cn',
  'amazonaws.eu',
  'on.aws',
  'on.amazonwebservices.com.cn',
  'on.amazonwebservices.eu',
  'c2s.ic.gov',
  'sc2s.sgov.gov',
  'cloud.adc-e.uk',
  'csp.hci.ic.gov',
];

/** ACCOUNT.dkr.ecr.REGION.amazonaws.com and its kin; `*` for every account, as the kubelet matches one part of a name. */
const PRIVATE_HOST = `(${ACCOUNT}|[*])[.]dkr[.-]ecr(-fips)?[.]${REGION}[.](${SUFFIXES.join('|').replaceAll('.', '[.]')})`;

export const PUBLIC_SERVER = 'public.ecr.aws';
/** Home of the API of ECR Public: it has no other. */
export const PUBLIC_REGION = 'us-east-1';

const PATH = '(/.*)?';
export const PRIVATE_SERVER_PATTERN = `^${PRIVATE_HOST}${PATH}$`;
export const PUBLIC_SERVER_PATTERN = `^public[.]ecr[.]aws${PATH}$`;

/** `server` as it may be written, with a scheme or without. `region` undefined: of ECR Public. */
export function isEcrServer(server: string, region: string | undefined): boolean {
  const bare = server.replace(/^https?:\/\//, '');
  if (region === undefined) return new RegExp(PUBLIC_SERVER_PATTERN).test(bare);
  const [host = ''] = bare.split('/');
  return new RegExp(PRIVATE_SERVER_PATTERN).test(bare) && host.includes(`.${region}.`);
}

export const isRegion = (text: string): boolean => new RegExp(`^${REGION}$`).test(text);
export const isRoleArn = (text: string): boolean => new RegExp(`^${ROLE_ARN}$`).test(text);
