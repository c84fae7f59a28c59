// What Entra, a node's identity endpoint and a registry of Azure say when they give nothing, and what to do then.
// Their words are looked at and never shown: they know what was sent.

import type { AzureAsking } from './acr-asking.ts';
import type { CloudAnswer, LastAsked } from './cloud-conversation.ts';
import { type Cure, commonFailure, fieldsOf, sayOf } from './cloud-failure.ts';
import { type FailedFetch, failed } from './source-failure.ts';

export function entraFailure(kind: AzureAsking['kind'], last: LastAsked | undefined): FailedFetch {
  if (last === undefined) return NOBODY_ASKED;
  if (kind === 'managed' && 'failure' in last) return sayOf(last, NO_IDENTITY_ENDPOINT);
  const common = commonFailure(last);
  if (common !== undefined || 'failure' in last) return common ?? sayOf(last, UNREADABLE);
  const { answer } = last;
  if (answer.status >= 200 && answer.status < 300) return sayOf(last, UNREADABLE);
  return sayOf(last, kind === 'managed' ? ofIdentityEndpoint(answer) : ofEntra(answer));
}

/** For an exchange that was not answered with a token. */
export function exchangeFailure(last: LastAsked | undefined): FailedFetch {
  if (last === undefined) return NOBODY_ASKED;
  const common = commonFailure(last);
  if (common !== undefined || 'failure' in last) return common ?? sayOf(last, UNREADABLE);
  return sayOf(last, ofRegistry(last.answer));
}

const NOBODY_ASKED = failed('TokenUnavailable', 'could not ask Azure for a token: it is tried again');

const UNREADABLE: Cure = [
  'TokenUnavailable',
  'its answer holds no token that can be read: see what stands between it and the operator',
];

const NO_IDENTITY_ENDPOINT: Cure = [
  'TokenUnavailable',
  'this node has no managed identity of Azure: set up workload identity, or name a client secret in acr.secretRef',
];

const SECRET = 'make a new client secret and put its value, not its ID, into the Secret';
const TENANT = 'correct acr.tenantId, or AZURE_TENANT_ID of the operator';
const FEDERATION =
  "give the application a federated credential with this cluster's issuer, the operator's subject and the audience api://AzureADTokenExchange";

/** By the numbers of Entra (learn.microsoft.com/entra/identity-platform/reference-error-codes). */
const ENTRA: ReadonlyMap<number, string> = new Map([
  [7000215, `the client secret is wrong: ${SECRET}`],
  [7000222, `the client secret has expired: ${SECRET}`],
  [700016, `there is no such application in the tenant: correct acr.clientId; or else ${TENANT}`],
  [90002, `there is no such tenant in this cloud: ${TENANT}`],
  [900023, `that is no tenant: ${TENANT}`],
  [500011, `the tenant does not know Azure Container Registry: ${TENANT}, or make a registry in it`],
  [7000112, 'the application is disabled: enable it, or use another one'],
  [70021, `no federated credential fits the operator's token: ${FEDERATION}`],
  [700211, `no federated credential has the issuer of the operator's token: ${FEDERATION}`],
  [700212, `no federated credential has the audience of the operator's token: ${FEDERATION}`],
  [700213, `no federated credential has the subject of the operator's token: ${FEDERATION}`],
  [
    700024,
    "the time of the operator's token is not now: compare the clocks of this node and of the API server",
  ],
  [50027, `the operator's token cannot be read: ${FEDERATION}`],
  [53003, 'a policy of conditional access keeps the application out: let it in'],
]);

function ofEntra(answer: CloudAnswer): Cure {
  const { error_codes: codes } = fieldsOf(answer);
  const numbers = (Array.isArray(codes) ? codes : []).filter(code => Number.isSafeInteger(code));
  const known = numbers.find(code => ENTRA.has(code));
  if (known !== undefined) return ['TokenRefused', `${ENTRA.get(known)} (AADSTS${known})`];
  const [number] = numbers;
  const shown = number === undefined ? String(answer.status) : `AADSTS${number}`;
  const where = 'see what learn.microsoft.com/entra/identity-platform/reference-error-codes says of it';
  return ['TokenRefused', `it refuses (${shown}): ${where}`];
}

function ofIdentityEndpoint(answer: CloudAnswer): Cure {
  if (answer.status === 400)
    return [
      'TokenRefused',
      'this node has no such managed identity (400): assign it to the virtual machines of the nodes, and name it in acr.clientId if there are several',
    ];
  // It says so while an identity is being assigned.
  if (answer.status === 404 || answer.status === 410)
    return ['TokenUnavailable', `it is not ready (${answer.status}): it is tried again`];
  return [
    'TokenRefused',
    `it refuses (${answer.status}): see whether pods of this node may use its managed identity`,
  ];
}

function ofRegistry(answer: CloudAnswer): Cure {
  if (answer.status >= 200 && answer.status < 300) return UNREADABLE;
  if (/not allowed access|firewall/i.test(answer.body))
    return [
      'TokenRefused',
      `its network rules keep the operator out (${answer.status}): let the address of the cluster in, or use a private endpoint`,
    ];
  if (answer.status === 404) return ['TokenRefused', 'there is no such registry (404): correct server'];
  if (answer.status === 400 || answer.status === 401 || answer.status === 403)
    return [
      'TokenRefused',
      `it does not let the identity in (${answer.status}): grant it AcrPull, or Container Registry Repository Reader, on this registry, and see whether tenantId is its tenant`,
    ];
  return ['TokenRefused', `it refuses (${answer.status}): see the page docs/sources/acr.md`];
}
