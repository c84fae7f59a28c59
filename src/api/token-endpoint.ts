// The URL of a token endpoint, in the one spelling that it may have: it is compared with the operator's list as it
// is written, so nothing in it may mean two things to two readers.

/** Characters. */
export const MAX_TOKEN_ENDPOINT = 320;

const HOST = '([a-z0-9.-]+|\\[[0-9a-f:]+\\])';
/** Plain http stays in the pod. */
const LOOPBACK = '(localhost|127\\.0\\.0\\.1|\\[::1\\])';
const PORT = '(:[1-9][0-9]{0,4})?';
const PATH = '(/[A-Za-z0-9._~-]+)*/?';

/** For RE2 as well. */
export const TOKEN_ENDPOINT = `^(https://${HOST}|http://${LOOPBACK})${PORT}${PATH}$`;

const SHAPE = new RegExp(TOKEN_ENDPOINT);

/** Also its host must be written as URL writes it: no 0x7f.1 for 127.0.0.1, no port that goes without saying. */
export function isTokenEndpoint(text: string): boolean {
  return text.length <= MAX_TOKEN_ENDPOINT && SHAPE.test(text) && URL.parse(text)?.href === text;
}

/** Characters of an audience. */
export const MAX_AUDIENCE = 255;
/** Names and URIs, without what separates them in the operator's flags. */
export const AUDIENCE = '^[A-Za-z0-9][A-Za-z0-9._~:/@+-]*$';
