// What a JWT says of itself. Nothing is proven by it: who gives it out signs it, and who takes it looks.

export interface JwtClaims {
  readonly iss: string | undefined;
  readonly aud: readonly string[];
  /** Milliseconds since the epoch. */
  readonly exp: number | undefined;
  readonly nbf: number | undefined;
  readonly iat: number | undefined;
}

/** Undefined for what is no JWT. */
export function jwtClaims(token: string): JwtClaims | undefined {
  const [, payload, signature, ...more] = token.split('.');
  if (payload === undefined || signature === undefined || more.length > 0) return undefined;
  let claims: unknown;
  try {
    claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    // The error would quote it.
    return undefined;
  }
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return undefined;
  const { iss, aud, exp, nbf, iat } = claims as Readonly<Record<string, unknown>>;
  const listed = Array.isArray(aud) ? aud : [aud];
  return {
    iss: typeof iss === 'string' ? iss : undefined,
    aud: listed.filter(one => typeof one === 'string'),
    exp: milliseconds(exp),
    nbf: milliseconds(nbf),
    iat: milliseconds(iat),
  };
}

/**
 * When one that was given out just now ends, by our clock: `exp` is by that of whoever gave it, which may be ahead of
 * ours, and then the life that it tells is shorter. Undefined where it does not say.
 */
export function endOf(claims: Pick<JwtClaims, 'exp' | 'iat'> | undefined, now: number): number | undefined {
  const { exp, iat } = claims ?? {};
  return exp === undefined || iat === undefined || iat >= exp ? exp : Math.min(exp, now + exp - iat);
}

const LATEST_DATE = 8.64e12;

/** Of seconds since the epoch; undefined for what Date cannot hold. */
const milliseconds = (seconds: unknown): number | undefined =>
  typeof seconds === 'number' && seconds > 0 && seconds < LATEST_DATE ? seconds * 1000 : undefined;
