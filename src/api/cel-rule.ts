// A CEL rule that looks for several mistakes and names the first one that it finds, so that
// a bad value gets one answer that says what to write instead of a heap of them.

import type { Rule } from './schema.ts';

export interface Mistake {
  /** CEL: true when the mistake was made. */
  readonly when: string;
  /** What is wrong and what to write. Never the value itself: it may hold a password. */
  readonly say: string;
}

/** `message` is what is said should the expression fail; the API server demands it. */
export const refusal = (message: string, mistakes: readonly Mistake[]) =>
  ({
    rule: mistakes.map(({ when }) => `!(${when})`).join(' &&\n'),
    message,
    messageExpression: mistakes.reduceRight(
      (otherwise, { when, say }) =>
        otherwise === '' ? celString(say) : `${when} ?\n  ${celString(say)} :\n${otherwise}`,
      '',
    ),
  }) satisfies Rule;

/** CEL: `value` has the form of `pattern` (RE2). */
export const matches = (value: string, pattern: string): string => `${value}.matches(r'${pattern}')`;

const celString = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;
