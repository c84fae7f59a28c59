// From a seed to a schedule: first a cluster as somebody may have it, then what its users do and
// what goes wrong. It looks at no state, so any part of it can be left out.

import { StepDice } from './dice-of-steps.ts';
import { CREDENTIALS, NAMESPACES, SECRET_NAMES, SOURCES } from './pools.ts';
import {
  foreignList,
  randomAccount,
  randomEdit,
  randomLabels,
  randomList,
  randomRelabel,
  randomSource,
  randomSpec,
} from './random-drafts.ts';
import { randomFault } from './random-faults.ts';
import type { Schedule, Step, UserStep } from './step.ts';

type Names = readonly [string, ...string[]];

interface Cast {
  readonly namespaces: Names;
  readonly credentials: Names;
}

export function randomSchedule(seed: number): Schedule {
  const dice = new StepDice(Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995);
  const election = dice.oneIn(3);
  const replicas = election && dice.oneIn(2) ? 2 : 1;
  const hostility = dice.one([0, 1, 2, 2, 4]);
  const cast: Cast = {
    namespaces: NAMESPACES.slice(0, 3 + dice.upTo(3)) as unknown as Names,
    credentials: CREDENTIALS.slice(0, 1 + dice.upTo(2)) as unknown as Names,
  };
  const steps = beginning(dice, cast);
  const length = 6 + dice.upTo(20);
  for (let index = 0; index < length; index++) {
    if (replicas === 2 && dice.oneIn(12)) steps.push(...longPause(dice, cast));
    if (dice.oneIn(6)) steps.push(...race(dice, cast));
    if (hostility > 0 && dice.oneIn(12)) steps.push(...missedDeletion(dice, cast));
    if (dice.oneIn(20)) steps.push(...fight(dice, cast));
    if (dice.oneIn(20)) steps.push(...replacement(dice, cast));
    steps.push({ after: dice.pause(), ...randomUserStep(dice, cast) });
    if (dice.upTo(5) < hostility)
      steps.push({ after: dice.pause(), ...randomFault(dice, cast.namespaces, replicas) });
  }
  return {
    seed,
    replicas,
    election,
    policies: dice.oneIn(2),
    admission: dice.oneIn(3),
    verification: (['Off', 'Report', 'Enforce'] as const)[(seed + Math.floor(seed / 3)) % 3] ?? 'Off',
    startsAfter: dice.one([0, 0, 50, 1_000]),
    undo: dice.oneIn(2),
    steps,
  };
}

function beginning(dice: StepDice, { namespaces, credentials }: Cast): Step[] {
  const steps: UserStep[] = [];
  for (const name of namespaces) {
    if (dice.oneIn(4)) continue;
    steps.push({ do: 'createNamespace', name, labels: randomLabels(dice) });
    if (dice.oneIn(2)) steps.push(newAccount(dice, name));
    if (dice.oneIn(8)) steps.push(newTarget(dice, name));
  }
  for (const name of SOURCES)
    if (!dice.oneIn(6)) steps.push({ do: 'writeSource', name, content: randomSource(dice, name) });
  for (const name of credentials)
    if (!dice.oneIn(3)) steps.push({ do: 'createCredential', name, spec: randomSpec(dice) });
  return steps.map(step => ({ after: 0, ...step }));
}

/** Somebody takes the place of a Secret while a new login is on its way to it. */
function race(dice: StepDice, { namespaces }: Cast): Step[] {
  const name = dice.one(SOURCES);
  return [
    { after: dice.pause(), do: 'writeSource', name, content: randomSource(dice, name) },
    { after: dice.upTo(12), ...newTarget(dice, dice.one(namespaces)), replace: true, managed: false } as Step,
  ];
}

/** Something goes while nobody can watch, and the history is forgotten before anybody can again. */
function missedDeletion(dice: StepDice, { namespaces, credentials }: Cast): Step[] {
  const gone = dice.one<UserStep>([
    { do: 'deleteSource', name: dice.one(SOURCES) },
    { do: 'deleteTarget', in: dice.one(namespaces), name: 'regcred' },
    { do: 'deleteAccount', in: dice.one(namespaces), name: randomAccount(dice) },
    { do: 'deleteCredential', name: dice.one(credentials) },
  ]);
  return [
    { after: dice.pause(), do: 'away', for: 500 + dice.upTo(2_000) },
    { after: dice.upTo(400), ...gone },
    { after: dice.upTo(50), do: 'compact' },
  ];
}

/** Something puts its own list in the place of ours, again and again. */
function fight(dice: StepDice, { namespaces }: Cast): Step[] {
  const where = { in: dice.one(namespaces), name: 'default' };
  const step: UserStep = dice.oneIn(2)
    ? { do: 'writeList', ...where, by: 'edit', list: foreignList(dice) }
    : { do: 'editTarget', in: where.in, name: 'regcred' };
  return Array.from({ length: 6 + dice.upTo(10) }, () => ({ after: 50 + dice.upTo(700), ...step }));
}

/** What goes comes back under its name at once. */
function replacement(dice: StepDice, { namespaces, credentials }: Cast): Step[] {
  const namespace = dice.one(namespaces);
  const name = dice.one(credentials);
  const steps = dice.one<() => UserStep[]>([
    () => [
      { do: 'deleteNamespace', name: namespace },
      { do: 'finishNamespace', name: namespace },
      { do: 'createNamespace', name: namespace, labels: randomLabels(dice) },
    ],
    () => [
      { do: 'deleteCredential', name },
      { do: 'createCredential', name, spec: randomSpec(dice) },
    ],
    () => [
      { do: 'deleteTarget', in: namespace, name: 'regcred' },
      { ...newTarget(dice, namespace), managed: dice.oneIn(2) } as UserStep,
    ],
  ])();
  return steps.map(step => ({ after: dice.pause(), ...step }));
}

/** A leader is stopped for so long that another one takes over, with work before its eyes when it wakes up. */
function longPause(dice: StepDice, cast: Cast): Step[] {
  return [
    { after: dice.pause(), do: 'freeze', replica: dice.upTo(1), for: 17_000 + dice.upTo(9_000) },
    { after: dice.upTo(3_000), ...randomUserStep(dice, cast) },
    { after: dice.upTo(3_000), ...randomUserStep(dice, cast) },
    { after: 18_000 + dice.upTo(8_000), ...randomUserStep(dice, cast) },
  ];
}

function randomUserStep(dice: StepDice, cast: Cast): UserStep {
  return dice.weighted<() => UserStep>([
    [6, () => () => credentialStep(dice, dice.one(cast.credentials))],
    [4, () => () => namespaceStep(dice, dice.one(cast.namespaces))],
    [6, () => () => accountStep(dice, dice.one(cast.namespaces))],
    [5, () => () => sourceStep(dice)],
    [5, () => () => targetStep(dice, dice.one(cast.namespaces))],
  ])();
}

const credentialStep = (dice: StepDice, name: string): UserStep =>
  dice.weighted<UserStep>([
    [6, () => ({ do: 'createCredential', name, spec: randomSpec(dice) })],
    [8, () => ({ do: 'editCredential', name, spec: randomEdit(dice) })],
    [4, () => ({ do: 'deleteCredential', name })],
    [1, () => ({ do: 'clearFinalizer', name })],
    [1, () => ({ do: 'holdCredential', name })],
    [2, () => ({ do: 'letCredentialGo', name })],
  ]);

const namespaceStep = (dice: StepDice, name: string): UserStep =>
  dice.weighted<UserStep>([
    [4, () => ({ do: 'createNamespace', name, labels: randomLabels(dice) })],
    [6, () => ({ do: 'labelNamespace', name, labels: randomRelabel(dice) })],
    [1, () => ({ do: 'deleteNamespace', name })],
    [3, () => ({ do: 'finishNamespace', name })],
  ]);

function accountStep(dice: StepDice, namespace: string): UserStep {
  const where = { in: namespace, name: randomAccount(dice) };
  const by = dice.one(['edit', 'clientApply', 'apply', 'forcedApply'] as const);
  return dice.weighted<UserStep>([
    [4, () => newAccount(dice, namespace)],
    [2, () => ({ do: 'deleteAccount', ...where })],
    [
      3,
      () => ({
        do: 'labelAccount',
        ...where,
        labels: { ...randomRelabel(dice), pulls: dice.one(['yes', null]) },
      }),
    ],
    [
      4,
      () => ({ do: 'writeList', ...where, by, list: dice.oneIn(3) ? randomList(dice) : foreignList(dice) }),
    ],
    [3, () => ({ do: 'takeEntry', ...where, entry: dice.one(SECRET_NAMES) })],
    [3, () => ({ do: 'takeAnnotation', ...where })],
  ]);
}

const newAccount = (dice: StepDice, namespace: string): UserStep => ({
  do: 'createAccount',
  in: namespace,
  name: randomAccount(dice),
  labels: dice.one<Record<string, string>>([{}, {}, { pulls: 'yes' }, { 'regcred.dev/sync': 'false' }]),
  list: dice.oneIn(6) ? randomList(dice) : foreignList(dice),
});

function sourceStep(dice: StepDice): UserStep {
  const name = dice.one(SOURCES);
  if (dice.oneIn(5)) return { do: 'deleteSource', name };
  return { do: 'writeSource', name, content: randomSource(dice, name) };
}

function targetStep(dice: StepDice, namespace: string): UserStep {
  const name = dice.oneIn(4) ? 'team-login' : 'regcred';
  return dice.weighted<UserStep>([
    [3, () => newTarget(dice, namespace)],
    [3, () => ({ do: 'deleteTarget', in: namespace, name })],
    [2, () => ({ do: 'editTarget', in: namespace, name })],
    [2, () => ({ do: 'unlabelTarget', in: namespace, name })],
    [2, () => ({ do: 'labelTarget', in: namespace, name })],
    [1, () => ({ do: 'freezeTarget', in: namespace, name })],
    [2, () => ({ do: 'holdTarget', in: namespace, name })],
    [1, () => ({ do: 'letTargetGo', in: namespace, name })],
  ]);
}

const newTarget = (dice: StepDice, namespace: string): UserStep => ({
  do: 'createTarget',
  in: namespace,
  name: dice.oneIn(4) ? 'team-login' : 'regcred',
  type: dice.oneIn(4) ? 'opaque' : 'config',
  managed: dice.oneIn(5),
  immutable: dice.oneIn(8),
  replace: dice.oneIn(2),
});
