// The two ways in which a request fails, and the questions that callers ask of
// them. Neither holds a response body or header: those can hold credentials.

/** The API server answered, and not with 2xx. */
export class ApiError extends Error {
  /** HTTP status code. */
  readonly code: number;
  /** `reason` of the Status object, such as NotFound; empty when the body was no Status. */
  readonly reason: string;
  /** `details.causes[].reason`, such as NamespaceTerminating. */
  readonly causes: readonly string[];
  /** Milliseconds from Retry-After, when the server gave one. */
  readonly retryAfter: number | undefined;

  constructor(
    code: number,
    reason: string,
    message: string,
    causes: readonly string[] = [],
    retryAfter?: number,
  ) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
    this.causes = causes;
    this.retryAfter = retryAfter;
  }

  /** The same to who hears of it so many milliseconds later. */
  heardAfter(milliseconds: number): ApiError {
    const left = this.retryAfter === undefined ? undefined : Math.max(0, this.retryAfter - milliseconds);
    return new ApiError(this.code, this.reason, this.message, this.causes, left);
  }
}

/** The server is at an older state than we have seen: etcd was restored, and what is known may be of another past. */
export class RewoundError extends ApiError {
  constructor() {
    super(410, 'Expired', 'the resourceVersions went back: etcd was restored to an older state');
    this.name = 'RewoundError';
  }
}

/** No complete answer: the request may or may not have been carried out. */
export class TransportError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TransportError';
  }
}

/** Milliseconds that the server asked to be left alone with this; 0 when it did not. */
export const retryAfterOf = (error: unknown): number =>
  error instanceof ApiError ? (error.retryAfter ?? 0) : 0;

const hasCode = (error: unknown, code: number): error is ApiError =>
  error instanceof ApiError && error.code === code;

export const isNotFound = (error: unknown): boolean => hasCode(error, 404);
export const isConflict = (error: unknown): boolean => hasCode(error, 409);
/** The object with the uid that was meant is gone; another one stands in its place. */
export const isReplaced = (error: unknown): boolean =>
  hasCode(error, 422) && error.message.includes('metadata.uid: Invalid value');
/** 410, also as an ERROR frame of a watch: the resourceVersion is too old, list again. */
export const isExpired = (error: unknown): boolean => hasCode(error, 410);

/** The namespace is going: whatever we wanted there is no longer wanted. */
export const isNamespaceTerminating = (error: unknown): boolean =>
  error instanceof ApiError && error.causes.includes('NamespaceTerminating');

/** Whoever is told this can do nothing at all: not read, not write, not say so in a status. */
export const isUnauthenticated = (error: unknown): boolean => hasCode(error, 401);

/** By authentication or the authorizer (RBAC), not by admission or quota, which answer 403 too. */
export const isAccessDenied = (error: unknown): boolean =>
  hasCode(error, 401) || (hasCode(error, 403) && / cannot [a-z]+ resource /.test(error.message));
