// Random faults.

import type { StepDice } from './dice-of-steps.ts';
import type { FaultStep, WatchKind } from './step.ts';

export function randomFault(
  dice: StepDice,
  namespaces: readonly [string, ...string[]],
  replicas: number,
): FaultStep {
  const replica = dice.upTo(replicas - 1);
  const kind = dice.one<WatchKind>([
    'all',
    'secrets',
    'serviceaccounts',
    'namespaces',
    'registrycredentials',
  ]);
  return dice.weighted<FaultStep>([
    [14, () => requestFault(dice)],
    [1, () => ({ do: 'forbid', in: dice.one(namespaces), for: 500 + dice.upTo(8_000) })],
    [1, () => ({ do: 'away', for: 200 + dice.upTo(8_000) })],
    [1, () => ({ do: 'partition', replica, for: 500 + dice.upTo(18_000) })],
    [3, () => ({ do: 'cutWatches', how: dice.one(['clean', 'error', 'midFrame']), kind })],
    [3, () => ({ do: 'delayEvents', kind, by: 200 + dice.upTo(4_000), for: 500 + dice.upTo(8_000) })],
    [2, () => ({ do: 'staleList', kind, age: 200 + dice.upTo(20_000) })],
    [2, () => ({ do: dice.one(['compact', 'bookmark']) })],
    [5, () => crash(dice, replica)],
    [1, () => ({ do: 'restart', replica })],
    [1, () => ({ do: 'freeze', replica, for: 200 + dice.upTo(dice.oneIn(3) ? 25_000 : 3_000) })],
    [1, () => ({ do: 'setClock', replica, by: (dice.upTo(4) - 2) * 3_600_000 })],
  ]);
}

const requestFault = (dice: StepDice): FaultStep => ({
  do: 'fault',
  fault: dice.one([
    'refuseConnection',
    'loseAnswer',
    'loseAnswer',
    'silence',
    'cutAnswer',
    'slow',
    'slow',
    'slowAnswer',
    'slowAnswer',
    '401',
    '409',
    '422',
    '429',
    '500',
    '503',
  ]),
  on: dice.one([
    'secrets',
    'secrets',
    'serviceaccounts',
    'serviceaccounts',
    'registrycredentials',
    'leases',
    'writes',
    'reads',
  ]),
  times: dice.oneIn(6) ? 1 + dice.upTo(5) : 1,
});

const crash = (dice: StepDice, replica: number): FaultStep => ({
  do: 'crash',
  replica,
  atWrite: dice.oneIn(4) ? 0 : 1 + dice.upTo(dice.oneIn(3) ? 10 : 3),
  when: dice.one(['before', 'after']),
  restartAfter: dice.oneIn(3) ? dice.upTo(20_000) : dice.upTo(1_000),
});
