// Random specs, labels, lists and sources, from the small pools of names.

import { SYNC_LABEL } from '../../api/names.ts';
import type { LabelSelector, RegistrySpec } from '../../api/types.ts';
import type { StepDice } from './dice-of-steps.ts';
import { ACCOUNTS, passwordOf, SECRET_NAMES, SERVERS, SOURCES } from './pools.ts';
import type { CredentialDraft, SourceContent } from './step.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export function randomSpec(dice: StepDice): CredentialDraft {
  const spec: Mutable<CredentialDraft> = { registries: randomRegistries(dice) };
  if (dice.oneIn(4)) spec.secretName = randomSecretName(dice);
  if (dice.oneIn(2)) spec.namespaceSelector = randomSelector(dice);
  if (dice.oneIn(3)) spec.serviceAccounts = randomAccounts(dice);
  if (dice.oneIn(4)) spec.deletionPolicy = 'Orphan';
  if (dice.oneIn(10)) spec.suspend = true;
  return spec;
}

export function randomEdit(dice: StepDice): Partial<CredentialDraft> {
  return dice.weighted<Partial<CredentialDraft>>([
    [3, () => ({ registries: randomRegistries(dice) })],
    [2, () => ({ secretName: randomSecretName(dice) })],
    [3, () => ({ namespaceSelector: randomSelector(dice) })],
    [2, () => ({ serviceAccounts: dice.oneIn(3) ? null : randomAccounts(dice) })],
    [2, () => ({ suspend: dice.oneIn(2) })],
    [1, () => ({ deletionPolicy: dice.one(['Delete', 'Orphan']) })],
  ]);
}

/** Now and then one that the operator was not started with. */
const randomSecretName = (dice: StepDice): string => (dice.oneIn(12) ? 'unknown' : dice.one(SECRET_NAMES));

function randomRegistries(dice: StepDice): RegistrySpec[] {
  return Array.from({ length: 1 + dice.upTo(dice.oneIn(3) ? 2 : 1) }, (): RegistrySpec => {
    if (dice.oneIn(3)) return { dockerConfig: { secretRef: { name: 'config' } } };
    const basic = { secretRef: { name: dice.one(['login-a', 'login-b']) } };
    return dice.oneIn(8) ? { basic } : { server: dice.one(SERVERS), basic };
  });
}

const randomSelector = (dice: StepDice): LabelSelector =>
  dice.one<LabelSelector>([
    {},
    { matchLabels: { [SYNC_LABEL]: 'true' } },
    { matchLabels: { team: 'red' } },
    { matchExpressions: [{ key: 'team', operator: 'In' as const, values: ['red', 'blue'] }] },
    { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' as const }] },
  ]);

const randomAccounts = (dice: StepDice) =>
  dice.one([
    { names: ['default'] },
    { names: ['*er'] },
    { selector: { matchLabels: { pulls: 'yes' } } },
    { names: ['default'], selector: { matchLabels: { pulls: 'yes' } } },
  ]);

export function randomLabels(dice: StepDice): Record<string, string> {
  return {
    ...dice.one<Record<string, string>>([
      { [SYNC_LABEL]: 'true' },
      { [SYNC_LABEL]: 'true' },
      { [SYNC_LABEL]: 'true' },
      {},
      { [SYNC_LABEL]: 'false' },
    ]),
    ...dice.one<Record<string, string>>([{}, { team: 'red' }, { team: 'blue' }]),
  };
}

export const randomRelabel = (dice: StepDice): Record<string, string | null> =>
  dice.one<Record<string, string | null>>([
    { [SYNC_LABEL]: 'true' },
    { [SYNC_LABEL]: 'false' },
    { [SYNC_LABEL]: null },
    { team: 'red' },
    { team: 'blue' },
    { team: null },
  ]);

export const randomAccount = (dice: StepDice): string => dice.one(ACCOUNTS);

/** Entries of others, ours by hand, or none. */
export const randomList = (dice: StepDice): string[] => dice.some(['own', 'regcred', 'other', 'team-login']);

export const foreignList = (dice: StepDice): string[] => dice.some(['own', 'other']);

export function randomSource(dice: StepDice, name: string): SourceContent {
  // No two sources have a password in common: a login says then whose it is.
  const password = (): string =>
    passwordOf(100 * SOURCES.indexOf(name as (typeof SOURCES)[number]) + dice.upTo(9));
  const isConfig = name === 'config' ? !dice.oneIn(12) : dice.oneIn(12);
  if (!isConfig)
    return dice.oneIn(8)
      ? { kind: 'empty' }
      : { kind: 'basic', username: dice.one(['robot', 'ci']), password: password() };
  if (dice.oneIn(8)) return { kind: 'malformed' };
  const servers = dice.some(['r.io', 'r.io/team', 'other.io:5000', 'docker.io/team']);
  const logins = Object.fromEntries([...servers, 'config.io'].map(server => [server, password()]));
  return { kind: dice.oneIn(6) ? 'configWithBadEntry' : 'config', logins };
}
