// What came of asking a registry. A value, never a throw: that it cannot be asked is an answer too. No message
// quotes the registry, which knows the login and could have it shown; each is for a person and ends in what to do.

export type Verdict = Answer | Inconclusive;

/** `unconfirmed`: it is from before, and this is what came of asking again. */
type Answer = { readonly message: string; readonly unconfirmed?: Inconclusive } & (
  | /** With an image: this login pulls it. */
  { readonly outcome: 'verified'; readonly reason: 'LoginAccepted' | 'PullAllowed' }
  | { readonly outcome: 'rejected'; readonly reason: 'LoginRejected' }
  /** A good login that does not get the image. */
  | { readonly outcome: 'denied'; readonly reason: DeniedReason }
);

export type DeniedReason =
  | 'PullDenied'
  /** It is not there, or the registry does not say so to this login: they answer 404 to both. */
  | 'ImageNotFound';

/** Says nothing about the login, so it must neither block nor change anything. */
export interface Inconclusive {
  readonly outcome: 'inconclusive';
  readonly reason: InconclusiveReason;
  readonly message: string;
  /** Milliseconds, where the registry or we know: before that, asking again is no use. */
  readonly retryAfter?: number;
  /** Of one that we did not try: the registry has rejected a login of the same account lately. */
  readonly isSuspect?: boolean;
}

/** What came of asking last. */
export const latestOf = (verdict: Verdict): Verdict =>
  verdict.outcome === 'inconclusive' ? verdict : (verdict.unconfirmed ?? verdict);

export type InconclusiveReason =
  /** No host to ask: not a registry, or a pattern such as *.example.com. */
  | 'ServerUnusable'
  /** The image is not one that the login is for, or no image name. */
  | 'ImageUnusable'
  /** The CA that is named for it cannot be read. */
  | 'CAUnusable'
  | 'Unreachable'
  | 'CertificateUntrusted'
  /** It leads to an address where no registry may lead us. */
  | 'AddressRefused'
  | 'Timeout'
  | 'RateLimited'
  | 'ServerError'
  | 'NotARegistry'
  /** It redirects, and a login is never carried after a redirect. */
  | 'Redirected'
  /** It wants the login sent where it may not go. */
  | 'RealmRefused'
  /** It answers, but not as the protocol has it. */
  | 'BadAnswer'
  /** It lets everybody in, so whether the login is good nobody can tell. */
  | 'LoginNotAsked'
  /** We did not ask, for it was asked enough. */
  | 'HeldBack';

export function inconclusive(reason: InconclusiveReason, message: string, retryAfter?: number): Inconclusive {
  return { outcome: 'inconclusive', reason, message, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/** Of the answers that say nothing about a login; `what` is such as "registry.example" or "the token server of …". */
export function statusVerdict(what: string, status: number, retryAfter?: number): Inconclusive {
  if (status === 429)
    return inconclusive('RateLimited', `${what} answers that it was asked too often (429)`, retryAfter);
  if (status >= 500)
    return inconclusive('ServerError', `${what} has an error of its own (${status})`, retryAfter);
  if (status >= 300 && status < 400) {
    const message = `${what} redirects (${status}), and a login does not follow: name the host that it redirects to`;
    return inconclusive('Redirected', message);
  }
  if (status === 404) {
    const message = `${what} knows nothing of /v2/ (404), so it is no registry: correct the server`;
    return inconclusive('NotARegistry', message);
  }
  return inconclusive('BadAnswer', `${what} gives an answer that means nothing here (${status})`);
}
