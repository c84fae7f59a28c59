// Reads WWW-Authenticate (RFC 9110, 11.6.1): what a registry asks for. The other side writes it, so it is read
// in one pass, and a challenge that can be understood in two ways is none.

export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** By their names in lower case. Empty also where a token68 stood, which no scheme of ours has. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const SEPARATORS = /[ \t,]*/y;
const SCHEME = new RegExp(`(${TOKEN})(?=[ \\t,]|$)`, 'y');
const TOKEN68 = /[ \t]+[A-Za-z0-9._~+/-]+=*[ \t]*(?=,|$)/y;
/** Unquoted values may hold more than RFC 9110 says: some registries leave the quotes off a URL. */
const PARAMETER = new RegExp(
  `[ \\t,]*(${TOKEN})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|([^ \\t,"=][^ \\t,"]*))[ \\t]*(?=,|$)`,
  'y',
);

/** Of each value of the header. From the first thing on that is no challenge, the rest of that value is left out. */
export function parseChallenges(values: readonly string[]): Challenge[] {
  return values.flatMap(challengesIn);
}

function challengesIn(value: string): Challenge[] {
  const challenges: Challenge[] = [];
  let at = 0;
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(value);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  for (;;) {
    next(SEPARATORS);
    const scheme = next(SCHEME)?.[1];
    if (scheme === undefined) return challenges;
    const parameters = next(TOKEN68) === null ? parametersBy(() => next(PARAMETER)) : new Map();
    if (parameters !== undefined) challenges.push({ scheme: scheme.toLowerCase(), parameters });
  }
}

/** Undefined when a name comes twice: whoever checks one value must not be sent to the other. */
function parametersBy(next: () => RegExpExecArray | null): Map<string, string> | undefined {
  const parameters = new Map<string, string>();
  let isUnclear = false;
  for (let found = next(); found !== null; found = next()) {
    const [, name = '', quoted, bare] = found;
    if (parameters.has(name.toLowerCase())) isUnclear = true;
    parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '');
  }
  return isUnclear ? undefined : parameters;
}
