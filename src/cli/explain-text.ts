// An explanation for people: the verdict in one line, how to mend it, then what it rests on.

import type { LoginLine } from '../core/evidence.ts';
import type { Explanation } from '../core/explanation.ts';
import { isProblem } from '../core/explanation.ts';
import type { Cause } from '../core/pull-cause.ts';
import { inLine, type Output, type Paint, table } from './output.ts';

export interface Shown {
  readonly user: boolean;
}

/** Logins for other images that are listed unless more is asked for. */
const MOST_OTHERS = 10;

export function explanationText(explanation: Explanation, { format, paint }: Output, shown: Shown): string {
  const { verdict, further, tried, others, unread } = explanation;
  const colour = isProblem(explanation) ? (verdict.name === 'CannotTell' ? 'yellow' : 'red') : 'green';
  const most = format === 'wide' ? others.length : MOST_OTHERS;
  const more = others.length - most;
  return [
    inLine(`${paint(verdict.name, colour)}: ${verdict.message}`),
    ...mending(verdict, paint),
    ...further.flatMap(one => [
      inLine(`also ${paint(one.name, 'yellow')}: ${one.message}`),
      ...mending(one, paint),
    ]),
    '',
    ...table(about(explanation)),
    ...section(
      'Tried, in this order:',
      tried.map((one, at) => [`${at + 1}`, ...loginCells(one, shown)]),
    ),
    ...section(
      'What the registry says to them:',
      tried.flatMap(({ checked }, at) => (checked === undefined ? [] : [[`${at + 1}`, checked]])),
    ),
    ...section(
      'Not for this image:',
      others.slice(0, most).map(one => ['-', ...loginCells(one, shown)]),
    ),
    ...(more > 0 ? [`  and ${more} more, which -o wide shows`] : []),
    ...section(
      'What could not be read:',
      unread.map(one => [one]),
    ),
  ].join('\n');
}

const mending = ({ command }: Cause, paint: Paint): string[] =>
  command === undefined ? [] : [inLine(`  to mend it: ${paint(command, 'bold')}`)];

function about({ image, namespace, serviceAccount, pod, secrets }: Explanation): string[][] {
  const secretRows = secrets.map(({ name, state, origin }) => [
    'Secret',
    `${namespace}/${name}: ${state}${origin ? `, ${origin}` : ''}`,
  ]);
  return [
    ['Image', image],
    ...(pod ? [['Pod', `${namespace}/${pod.name}, container ${pod.container}: ${pod.state}`]] : []),
    ...(pod?.events ?? []).map(event => ['Event', event]),
    ['ServiceAccount', `${namespace}/${serviceAccount}`],
    ...(secretRows.length > 0 ? secretRows : [['Secrets', 'none']]),
  ];
}

function loginCells({ server, secret, why, origin, user = '' }: LoginLine, shown: Shown): string[] {
  const from = origin === '' ? secret : `${secret} (${origin})`;
  return [server, ...(shown.user ? [user === '' ? '(no user name)' : user] : []), from, why];
}

const section = (title: string, rows: readonly (readonly string[])[]): string[] =>
  rows.length === 0 ? [] : ['', title, ...table(rows, '  ')];
