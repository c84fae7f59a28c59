// Whether connections that were made with one TLS material serve another. Asked for each request, so
// nothing is made of it: the texts are compared as they are, and are the same ones nearly always.

import type { TlsMaterial } from './endpoint.ts';

export const isSameTls = (one: TlsMaterial, other: TlsMaterial): boolean =>
  one.ca === other.ca &&
  one.cert === other.cert &&
  one.key === other.key &&
  one.rejectUnauthorized === other.rejectUnauthorized &&
  one.servername === other.servername;
