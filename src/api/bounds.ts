// How long anything in a RegistryCredential may get. The schema states these bounds, the code
// that writes status clips to them: a status that is too long would be refused as a whole.

/** spec.registries and status.registries. */
export const MAX_REGISTRIES = 64;
/** Code points of a `server`; host names end at 253. */
export const MAX_SERVER = 255;
/** Code points of status.registries[].server: a dockerConfig may bring several, or an odd one. */
export const MAX_STATUS_SERVER = 1024;
/** Code points of verification.image: a path ends at 255, host, tag and digest add to it. */
export const MAX_IMAGE = 512;
/** Code points of status.registries[].source. */
export const MAX_SOURCE = 320;
/** Code points of a message: of a condition, of a registry, of a failure. */
export const MAX_MESSAGE = 1024;
/** Code points of a reason in CamelCase. */
export const MAX_REASON = 128;
/** status.failures: the first by name, the count tells of the rest. */
export const MAX_FAILURES = 10;
export const MAX_CONDITIONS = 8;

/** A region of AWS; the longest has 14. */
export const MAX_REGION = 32;
/** IAM: a path of 512, a name of 64, and what is before them. */
export const MAX_ROLE_ARN = 640;
/** sts:AssumeRole. */
export const MAX_EXTERNAL_ID = 1224;
/** Code points of refresh.schedule, and of refresh.timeZone. */
export const MAX_SCHEDULE = 128;
export const MAX_TIME_ZONE = 64;
/** Code points of status.lastHandledRefresh. */
export const MAX_REFRESH_REQUEST = 128;

/** serviceAccounts.names. */
export const MAX_SERVICE_ACCOUNT_NAMES = 128;
/** matchLabels, matchExpressions, and the values of one expression. */
export const MAX_SELECTOR_TERMS = 32;

/** Name of an object: a DNS subdomain. */
export const MAX_NAME = 253;
export const MAX_LABEL_VALUE = 63;
/** PREFIX/NAME: 253 + 1 + 63. */
export const MAX_LABEL_KEY = 317;
/** RFC 3339 with nanoseconds and an offset has 35. */
export const MAX_TIME = 40;
/** "selected" and "synced" joined by a slash. */
export const MAX_SUMMARY = 32;
