// Credentials that cannot be mistaken for anything else, with every character that some encoding changes.

import { randomBytes } from 'node:crypto';

const STRANGE = '"Qx\\w9<&>+/=?%ü\'@:#';

/** Different at each call, so that one test does not find what another one left. */
export const markedPassword = (): string => `Mk${alphabetic(8)}${STRANGE}${alphabetic(16)}`;

/** Fit for a header. */
export const markedToken = (): string => `tk${alphabetic(30)}`;

/** As long as those of cloud registries: longer than what is kept of a message. */
export const longPassword = (): string => alphabetic(2_000);

/** Of characters that look alike in JSON, in a URL and as they are. */
function alphabetic(length: number): string {
  return randomBytes(length * 2)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, length);
}
