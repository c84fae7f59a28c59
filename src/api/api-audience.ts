// The audiences by which an API server knows its own tokens. A token for one of them is the operator's right in the
// cluster, and is sent to nobody else.

/** kubernetes.default.svc with or without scheme, domain of the cluster and port; and what API servers were started with of old. */
const KNOWN = /^(?:https?:\/\/)?kubernetes(?:\.default(?:\.svc(?:\.[a-z0-9.-]+)?)?)?(?::\d+)?\/?$|^api$/i;

/** Known without asking; others are found in the operator's own token. */
export const isKnownApiAudience = (audience: string): boolean => KNOWN.test(audience);
