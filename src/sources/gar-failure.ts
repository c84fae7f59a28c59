// What Google says when it gives no token, and what to do then. Its words are looked at and never shown: it knows what
// was sent, and its descriptions may quote it.

import type { CloudAnswer, LastAsked } from './cloud-conversation.ts';
import { type Cure, commonFailure, fieldsOf, sayOf } from './cloud-failure.ts';
import type { GoogleIdentity } from './gar-identity.ts';
import { type FailedFetch, failed } from './source-failure.ts';

export function googleFailure(kind: GoogleIdentity['kind'], last: LastAsked | undefined): FailedFetch {
  if (last === undefined)
    return failed('TokenUnavailable', 'could not ask Google for a token: it is tried again');
  if (kind === 'metadata' && 'failure' in last) return sayOf(last, NO_METADATA_SERVER);
  const common = commonFailure(last);
  if (common !== undefined || 'failure' in last) return common ?? sayOf(last, UNREADABLE);
  return sayOf(last, cureOf(kind, last));
}

const UNREADABLE: Cure = [
  'TokenUnavailable',
  'its answer holds no token that can be read: see what stands between it and the operator',
];

const NO_METADATA_SERVER: Cure = [
  'TokenUnavailable',
  'there is no metadata server of Google: outside Google Cloud name a Secret in gar.secretRef, or set up workload identity federation',
];

const CLOCK = "it does not take the time that the request was made at: compare its clock with this node's";

const HOSTS: Readonly<Record<string, (answer: CloudAnswer) => Cure>> = {
  'oauth2.googleapis.com': ofKey,
  'sts.googleapis.com': ofExchange,
  'iamcredentials.googleapis.com': ofImpersonation,
};

function cureOf(kind: GoogleIdentity['kind'], { host, answer }: { host: string; answer: CloudAnswer }): Cure {
  const isGood = answer.status >= 200 && answer.status < 300;
  if (isGood)
    return kind === 'metadata' && answer.headers['metadata-flavor'] !== 'Google'
      ? NO_METADATA_SERVER
      : UNREADABLE;
  return (kind === 'metadata' ? ofMetadata : (HOSTS[host] ?? otherwise))(answer);
}

function ofKey(answer: CloudAnswer): Cure {
  const { error, error_description: description } = fieldsOf(answer);
  const words = String(description);
  if (error === 'invalid_grant' && /timeframe|\biat\b/i.test(words))
    return ['TokenRefused', `${CLOCK} (invalid_grant)`];
  if (error === 'invalid_grant' && /account not found|disabled/i.test(words))
    return [
      'TokenRefused',
      'there is no such service account, or it is disabled (invalid_grant): enable it, or make a key of another',
    ];
  if (error === 'invalid_grant')
    return [
      'TokenRefused',
      'the key is not one of the service account, or is disabled (invalid_grant): make a new key and put it into the Secret',
    ];
  if (error === 'invalid_scope' || error === 'unauthorized_client')
    return [
      'TokenRefused',
      `the service account may have no token that reads (${error}): use one of the project that holds the repository`,
    ];
  return otherwise(answer);
}

function ofExchange(answer: CloudAnswer): Cure {
  const { error } = fieldsOf(answer);
  if (error === 'invalid_grant')
    return [
      'TokenRefused',
      "the operator's token has ended, or is not for this provider (invalid_grant): project one with the audience that the provider wants, and compare clocks",
    ];
  if (error === 'invalid_target')
    return [
      'TokenRefused',
      'there is no such provider or pool, or it is disabled (invalid_target): correct audience in the credentials file',
    ];
  if (error === 'unauthorized_client')
    return [
      'TokenRefused',
      'the condition of the provider does not let the operator in (unauthorized_client): correct its attribute-condition',
    ];
  if (error === 'invalid_request')
    return [
      'TokenRefused',
      'it cannot read the token that it was shown (invalid_request): see whether the issuer and its keys are those of this cluster',
    ];
  return otherwise(answer);
}

function ofImpersonation(answer: CloudAnswer): Cure {
  if (answer.status === 401 || answer.status === 403)
    return [
      'TokenRefused',
      `the operator may not act as the service account (${answer.status}): grant it roles/iam.workloadIdentityUser there, and enable the IAM Service Account Credentials API`,
    ];
  if (answer.status === 404)
    return [
      'TokenRefused',
      'there is no such service account (404): correct service_account_impersonation_url in the credentials file',
    ];
  return otherwise(answer);
}

function ofMetadata(answer: CloudAnswer): Cure {
  if (answer.status === 404)
    return [
      'TokenRefused',
      'no service account is attached (404): set up workload identity for the ServiceAccount of the operator',
    ];
  if (answer.status === 403)
    return [
      'TokenRefused',
      "the operator's ServiceAccount may not act as the service account (403): grant it roles/iam.workloadIdentityUser there",
    ];
  return otherwise(answer);
}

const otherwise = ({ status }: CloudAnswer): Cure => [
  'TokenRefused',
  `it refuses (${status}): see what the identity may do, with the page docs/sources/gar.md`,
];
