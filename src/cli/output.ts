// How results are printed: for people, or as JSON and YAML for scripts. Colours only on a terminal.

import type { Writable } from 'node:stream';

export const FORMATS = ['json', 'yaml', 'wide'] as const;
/** Undefined: for people. */
export type Format = (typeof FORMATS)[number] | undefined;

export type Paint = (text: string, colour: 'red' | 'green' | 'yellow' | 'bold' | 'dim') => string;

export interface Output {
  readonly format: Format;
  readonly isTerminal: boolean;
  readonly paint: Paint;
  /** A line, or several, on standard output. */
  print(text: string): void;
  /** In place of what it said before, for a terminal; empty: clears it. */
  progress(line: string): void;
  /** A line for the person, which no script reads: on standard error. */
  note(text: string): void;
}

/** Of a terminal that does not say. */
const WIDTH = 80;
const CODES = { red: 31, green: 32, yellow: 33, bold: 1, dim: 2 } as const;

export interface Streams {
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function createOutput({ stdout, stderr, environment }: Streams, format: Format): Output {
  const isTerminal = stdout.isTTY === true;
  // https://no-color.org
  const isColoured = isTerminal && !environment.NO_COLOR && environment.TERM !== 'dumb';
  return {
    format,
    isTerminal,
    paint: (text, colour) => (isColoured ? `${ESCAPE}[${CODES[colour]}m${text}${ESCAPE}[0m` : text),
    print: text => {
      stdout.write(`${visible(text, isColoured)}\n`);
    },
    progress: line => {
      // What runs over is a line more, and stays.
      const room = (stdout.columns || WIDTH) - 1;
      stdout.write(`\r${CLEAR}${visible(line, false).slice(0, room)}`);
    },
    note: text => {
      stderr.write(`${visible(text, false)}\n`);
    },
  };
}

/**
 * Names and messages are other people's: what they could do to a terminal is taken out, but for the colours that we
 * paint with. Others could hide a text, and so could a change of its direction.
 */
function visible(text: string, isColoured: boolean): string {
  return text.replace(CONTROL, found =>
    found === '\n' || (isColoured && found.length > 1) ? found : `\ufffd${found.slice(1)}`,
  );
}

/** A line could pass for one of ours, such as a verdict: what is other people's stays in its own. */
export const inLine = (text: string): string => text.replace(/[\n\r\u2028\u2029]/g, '\ufffd');

const ESCAPE = String.fromCharCode(27);
/** To the end of the line. */
const CLEAR = `${ESCAPE}[K`;
const PAINTED = `${ESCAPE}\\[(?:0|${Object.values(CODES).join('|')})m`;
const CONTROL = new RegExp(`${PAINTED}|\\p{Cc}|\\p{Bidi_Control}`, 'gu');

/** Prints it if the format is one for scripts. */
export async function printedForScripts({ format, print }: Output, value: object): Promise<boolean> {
  if (format !== 'json' && format !== 'yaml') return false;
  if (format === 'json') print(JSON.stringify(value, undefined, 2));
  else print((await import('yaml')).stringify(value, { lineWidth: 0 }).trimEnd());
  return true;
}

/** Columns as wide as their widest cell, two blanks between; the last is not filled up. */
export function table(cells: readonly (readonly string[])[], indent = ''): string[] {
  const rows = cells.map(row => row.map(inLine));
  const widths: number[] = [];
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, widthOf(cell));
  return rows.map(row =>
    (
      indent + row.map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - widthOf(cell))).join('  ')
    ).trimEnd(),
  );
}

const COLOUR = new RegExp(PAINTED, 'g');
const widthOf = (cell: string): number => cell.replace(COLOUR, '').length;
