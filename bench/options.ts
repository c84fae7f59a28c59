// What can be asked of the benchmark on its command line.

import { parseArgs } from 'node:util';

export interface Options {
  /** Namespaces that are there before. */
  readonly namespaces: number;
  /** ServiceAccounts in each. */
  readonly accounts: number;
  /** RegistryCredentials, each for all namespaces. */
  readonly credentials: number;
  /** Secrets of others, of 4 kB. */
  readonly foreign: number;
  /** Of measured run and floor, or of runs where there is no floor. */
  readonly pairs: number;
  /** Writes in flight, of operator and floor. */
  readonly parallel: number;
  /** New namespaces, or repairs of each kind. */
  readonly count: number;
  /** Of the idle operator. */
  readonly minutes: number;
  readonly duringRollout: boolean;
  /** With manifests/components/admission. */
  readonly admission: boolean;
  /** JSON lines are appended to it. */
  readonly out: string | undefined;
}

const SMALLEST = {
  namespaces: 1,
  accounts: 1,
  credentials: 1,
  foreign: 0,
  pairs: 1,
  parallel: 1,
  count: 1,
  minutes: 0.1,
} as const;
type NumberName = keyof typeof SMALLEST;

const DEFAULTS: Readonly<Record<NumberName, string>> = {
  namespaces: '1000',
  accounts: '1',
  credentials: '1',
  foreign: '0',
  pairs: '10',
  parallel: '32',
  count: '200',
  minutes: '5',
};

export interface CommandLine {
  readonly measure: string | undefined;
  readonly options: Options;
  readonly quick: boolean;
}

/** Throws with one line for whoever typed it. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const text = (name: NumberName) => ({ type: 'string', default: DEFAULTS[name] }) as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      namespaces: text('namespaces'),
      accounts: text('accounts'),
      credentials: text('credentials'),
      foreign: text('foreign'),
      pairs: text('pairs'),
      parallel: text('parallel'),
      count: text('count'),
      minutes: text('minutes'),
      'during-rollout': { type: 'boolean', default: false },
      admission: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const numbers = Object.fromEntries(
    (Object.keys(SMALLEST) as NumberName[]).map(name => [name, numberOf(name, values[name])]),
  ) as Record<NumberName, number>;
  return {
    measure: positionals[0],
    options: {
      ...numbers,
      duringRollout: values['during-rollout'],
      admission: values.admission,
      out: values.out,
    },
    quick: values.quick,
  };
}

function numberOf(name: NumberName, text: string): number {
  const value = Number(text);
  const kind = name === 'minutes' ? 'number' : 'whole number';
  if (value >= SMALLEST[name] && (kind === 'number' || Number.isInteger(value))) return value;
  throw new Error(`--${name} ${text} will not do: a ${kind} of at least ${SMALLEST[name]} is wanted`);
}
