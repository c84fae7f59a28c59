// Worlds of chance for the admission policy: RegistryCredentials as a user and the operator may have left them,
// with what `core` is told of the same. One seed, one world.

import { FINALIZER, SYNC_LABEL } from '../../src/api/names.ts';
import type {
  LabelSelector,
  LabelSelectorRequirement,
  ServiceAccountSelection,
} from '../../src/api/types.ts';
import { materialOf, type RegistryMaterial } from '../../src/core/material.ts';
import type { Dice } from '../../src/testing/random.ts';
import { login } from '../../src/testing/views.ts';

/** The names that operator and policy are started with. */
export const SECRET_NAMES = ['regcred', 'team-login'] as const;

/** Legal, and each of them a trap for somebody. */
const KEYS = ['constructor', 'x_y.Z-1', 'a.example.com/tier'] as const;
const VALUES = ['', 'B_b.b-1', 'true', 'null'] as const;
const ACCOUNTS = ['build', 'build-app', 'app-build-1', 'a.b', 'axb'] as const;
const PATTERNS = [
  'build',
  'a.b',
  '*',
  '**',
  'build*',
  '*build',
  'a*b*1',
  'b*d',
  '*.*',
  'build*build',
] as const;

export const randomLabels = (dice: Dice): Record<string, string> => ({
  ...Object.fromEntries(KEYS.filter(() => dice.oneIn(2)).map(key => [key, dice.one([...VALUES])])),
  ...(dice.oneIn(5) && { [SYNC_LABEL]: dice.one(['true', 'false', 'False', '']) }),
});

export interface AskedAccount {
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  imagePullSecrets?: { name: string }[];
}

/** With labels, entries and annotations of others. */
export function randomAccount(dice: Dice, name: string = dice.one([...ACCOUNTS])): AskedAccount {
  const entries = dice.some(['mine', ...SECRET_NAMES].filter(() => dice.oneIn(2)));
  return {
    metadata: {
      name,
      ...(!dice.oneIn(4) && { labels: randomLabels(dice) }),
      ...(dice.oneIn(3) && { annotations: { team: 'theirs' } }),
    },
    ...(!dice.oneIn(3) && { imagePullSecrets: entries.map(entry => ({ name: entry })) }),
  };
}

export interface RandomCredential {
  readonly name: string;
  readonly spec: object;
  readonly finalizers: readonly string[];
  readonly isDeleted: boolean;
  /** Undefined: the operator has not said anything yet. */
  readonly sources: 'sound' | 'one of two' | 'bad entry' | 'none' | undefined;
}

/** RegistryCredentials for one Secret name either all have a login or none: the Secret is theirs together. */
export function randomCredentials(dice: Dice, world: number): RandomCredential[] {
  const without = dice.oneIn(6) ? dice.one([...SECRET_NAMES]) : undefined;
  return Array.from({ length: 1 + dice.upTo(2) }, (_, index) => {
    const secretName = dice.oneIn(12) ? 'not-served' : dice.one([...SECRET_NAMES]);
    const isDeleted = dice.oneIn(12);
    return {
      name: `world-${world}-${index}`,
      spec: {
        secretName,
        registries: ['one', 'two'].map(name => ({ dockerConfig: { secretRef: { name } } })),
        ...randomTargets(dice),
        ...(dice.oneIn(12) && { suspend: true }),
      },
      finalizers: isDeleted || !dice.oneIn(12) ? [FINALIZER] : [],
      isDeleted,
      sources:
        secretName === without
          ? dice.one(['none', undefined])
          : dice.one(['sound', 'sound', 'one of two', 'bad entry']),
    };
  });
}

/** Mostly one thing decides, so that a mistake in it shows. */
function randomTargets(dice: Dice): object {
  const decides = dice.one(['namespace', 'account', 'account', 'both'] as const);
  return {
    ...(decides === 'account'
      ? { namespaceSelector: {} }
      : !dice.oneIn(6) && { namespaceSelector: randomSelector(dice) }),
    ...(decides !== 'namespace' && { serviceAccounts: randomSelection(dice) }),
  };
}

function randomSelection(dice: Dice): ServiceAccountSelection {
  const names = [dice.one([...PATTERNS]), ...PATTERNS.filter(() => dice.oneIn(20))];
  const kind = dice.one(['names', 'selector', 'either'] as const);
  return {
    ...(kind !== 'selector' && { names }),
    ...(kind !== 'names' && { selector: randomSelector(dice) }),
  };
}

function randomSelector(dice: Dice): LabelSelector {
  const terms = dice.oneIn(6) ? [] : [randomTerm(dice)];
  const labels = Object.fromEntries([[dice.one([...KEYS]), dice.one([...VALUES])]]);
  return {
    ...(dice.oneIn(4) && { matchLabels: labels }),
    ...(!dice.oneIn(6) && { matchExpressions: dice.oneIn(4) ? [...terms, randomTerm(dice)] : terms }),
  };
}

function randomTerm(dice: Dice): LabelSelectorRequirement {
  const key = dice.one([...KEYS, SYNC_LABEL]);
  const operator = dice.one(['In', 'NotIn', 'Exists', 'DoesNotExist'] as const);
  if (operator === 'Exists' || operator === 'DoesNotExist') return { key, operator };
  return { key, operator, values: [dice.one([...VALUES]), ...VALUES.filter(() => dice.oneIn(3))] };
}

const SOUND: RegistryMaterial = { state: 'known', entries: [login('private-registry.io')] };
const FAILED: RegistryMaterial = { state: 'absent' };

export const materialFor = (sources: RandomCredential['sources']) =>
  materialOf(
    {
      sound: [SOUND, SOUND],
      'one of two': [FAILED, SOUND],
      'bad entry': [SOUND, SOUND],
      none: [FAILED, FAILED],
    }[sources ?? 'none'],
  );

/** How the two items of `spec.registries` fare, as status has it. */
export const reportsFor = (sources: NonNullable<RandomCredential['sources']>) => {
  const report = (state: 'serving' | 'partial' | 'failed') => ({
    state,
    server: 'private-registry.io',
    source: 'dockerConfig',
    message: state === 'serving' ? undefined : 'something is wrong with it',
    expiresAt: undefined,
  });
  const states = {
    sound: ['serving', 'serving'],
    'one of two': ['failed', 'serving'],
    'bad entry': ['partial', 'partial'],
    none: ['failed', 'failed'],
  } as const;
  return states[sources].map(report);
};
