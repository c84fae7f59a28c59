// Text that has undone somebody before: names of what every object has, characters that cannot be seen or
// stand alone, what looks like syntax. And any text else.

import fc from 'fast-check';

/** Whatever is looked up by name must not find these. */
export const PROTOTYPE_NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
] as const;

const ODD = [
  '',
  ' ',
  '\u0000',
  '\u001f',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u200b',
  '\u200f',
  '\u202e',
  '\u2028',
  '\u2029',
  '\ufeff',
  '\ufffd',
  '\ud800',
  '\udfff',
  '\u{1f600}',
  '\r\n',
  '<>&',
  '"\\/\'',
  '%00',
  '{{x}}',
  'null',
] as const;

/** Up to some dozen characters. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  // Halves of characters too, which no other string of fast-check has.
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 }).map(units => String.fromCharCode(...units)),
  fc.constantFrom(...PROTOTYPE_NAMES, ...ODD),
  fc
    .array(fc.constantFrom(...PROTOTYPE_NAMES, ...ODD, 'a', ':', '/'), { maxLength: 4 })
    .map(parts => parts.join('')),
);

/** What JSON can hold, with the names of prototypes at every level. */
export const anyJson: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, -1, 1e300, '', 'text'),
    anyText,
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.oneof(anyText, fc.constantFrom(...PROTOTYPE_NAMES)), tie('value')), { maxLength: 3 })
      .map(fields),
  ),
})).value;

/** As JSON.parse makes it: `__proto__` is a field like any other. */
export function fields(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [name, value] of entries)
    Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
  return object;
}
