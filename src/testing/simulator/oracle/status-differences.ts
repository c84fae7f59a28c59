// Where the status of a RegistryCredential does not say what is so.

import { MAX_FAILURES } from '../../../api/bounds.ts';
import type { Condition } from '../../../api/conditions.ts';
import type { RegistryCredentialStatus } from '../../../api/types.ts';
import { toldStatus } from '../../../api/untold-status.ts';
import type { Cluster, Party } from './cluster.ts';
import { countDifferences } from './count-differences.ts';
import type { Place } from './place.ts';
import { CONFLICTS, readyMay, sourceFailing, sourceFailingReasons } from './readiness.ts';
import { registryDifferences } from './registry-differences.ts';
import { type NamespaceVerdict, verdictsOf } from './verdicts.ts';

export function statusDifferences(cluster: Cluster, places: readonly Place[]): string[] {
  const found: string[] = [];
  for (const party of cluster.parties) {
    if (party.phase === 'deleted') continue;
    const what = differencesOf(cluster, party, places);
    found.push(...what.map(text => `RegistryCredential ${party.name} ${text}`));
  }
  return found;
}

function differencesOf(cluster: Cluster, party: Party, places: readonly Place[]): string[] {
  const { metadata } = party.credential;
  const status = toldStatus(party.credential.status);
  if (status === undefined) return ['has no status'];
  const found: string[] = [];
  const seen = [status.observedGeneration, ...status.conditions.map(other => other.observedGeneration)];
  if (seen.some(generation => generation !== metadata.generation))
    found.push('has a status of another generation');
  const others = status.conditions.filter(({ type }) => type !== 'Ready' && type !== 'Verified');
  if (others.some(({ status: holds }) => holds !== 'True'))
    found.push('has a condition besides Ready that is not True');

  // What else may be said of one that is stalled or suspended, the design leaves open: "the counts are those from before".
  if (!cluster.rules.secretNames.includes(party.credential.spec.secretName))
    return [...found, ...ready(status, ['False SecretNameNotServed']), ...stalled(status, true)];
  if (party.phase === 'suspended')
    return [...found, ...ready(status, ['Unknown Suspended']), ...stalled(status, false)];

  const verdicts = verdictsOf(cluster, party, places);
  return [
    ...found,
    ...ready(status, readyMay(party, verdicts)),
    ...stalled(status, false),
    ...sources(status, party),
    ...conflict(status, verdicts),
    ...countDifferences(status, verdicts),
    ...registryDifferences(status, party, cluster, places),
  ];
}

const condition = ({ conditions }: RegistryCredentialStatus, type: Condition['type']) =>
  conditions.find(other => other.type === type);

function ready(status: RegistryCredentialStatus, may: readonly string[]): string[] {
  const is = condition(status, 'Ready');
  const said = is === undefined ? 'missing' : `${is.status} ${is.reason}`;
  const found = may.includes(said) ? [] : [`has Ready ${said} instead of ${may.join(' or ')}`];
  return condition(status, 'Reconciling') === undefined ? found : [...found, 'is Reconciling at rest'];
}

function stalled(status: RegistryCredentialStatus, wanted: boolean): string[] {
  const is = condition(status, 'Stalled');
  if ((is !== undefined) !== wanted) return [`is ${wanted ? 'not ' : ''}Stalled`];
  return is === undefined || is.reason === 'SecretNameNotServed' ? [] : [`is Stalled by ${is.reason}`];
}

function sources(status: RegistryCredentialStatus, party: Party): string[] {
  const is = condition(status, 'SourceFailing');
  const fails = sourceFailing(party);
  if (is === undefined) return fails === 'yes' ? ['lacks the condition SourceFailing'] : [];
  if (fails === 'no') return ['is SourceFailing though each source is sound'];
  const reasons = sourceFailingReasons(party);
  return reasons.includes(is.reason) ? [] : [`is SourceFailing by ${is.reason}, not ${reasons.join(' or ')}`];
}

/** True while a namespace refuses; its reason is that of the first of them by name, which failures names too. */
function conflict(status: RegistryCredentialStatus, verdicts: readonly NamespaceVerdict[]): string[] {
  const is = condition(status, 'Conflict');
  const must = verdicts.some(({ may }) => [...may].every(reason => CONFLICTS.includes(reason)));
  const could = verdicts.some(({ may }) => [...may].some(reason => CONFLICTS.includes(reason)));
  if (is === undefined) return must ? ['lacks the condition Conflict'] : [];
  if (!could) return ['has the condition Conflict though no namespace refuses'];
  const named = status.failures.find(({ reason }) => CONFLICTS.some(other => other === reason));
  const whole = status.failures.length < MAX_FAILURES || named !== undefined;
  return whole && named?.reason !== is.reason ? [`has Conflict by ${is.reason}, not ${named?.reason}`] : [];
}
