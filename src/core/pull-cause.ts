// What an explanation comes to: a name for scripts, a sentence for people and, where one mends it, the command.

export type CauseName =
  // Well.
  | 'Pulled'
  | 'LoginFound'
  // The keyring of the pod.
  | 'KeyringBroken'
  | 'SecretMissing'
  | 'SecretIgnored'
  | 'LoginEmpty'
  | 'LoginRefused'
  | 'PullDenied'
  | 'NoMatch'
  // Where it has its pull secrets from.
  | 'PodOlderThanReference'
  | 'PodHasOwnPullSecrets'
  | 'StaticPod'
  | 'NamespaceMissing'
  | 'ServiceAccountMissing'
  // What no login mends.
  | 'InvalidImageName'
  | 'ImageNotFound'
  | 'NeverPulled'
  | 'RegistryUnreachable'
  | 'RateLimited'
  | 'PullFailed'
  // What the operator does not do here, and why.
  | 'NamespaceNotOptedIn'
  | 'NamespaceKeptOut'
  | 'ServiceAccountNotSelected'
  | 'ServiceAccountKeptOut'
  | 'Conflict'
  | 'Suspended'
  | 'NoLoginYet'
  | 'NotServedYet'
  // Not all could be read.
  | 'CannotTell';

export interface Cause {
  readonly name: CauseName;
  /** One sentence, without the command. */
  readonly message: string;
  /** To be pasted; what it cannot know stands in capitals. */
  readonly command?: string;
}

export const cause = (name: CauseName, message: string, command?: string): Cause => ({
  name,
  message,
  ...(command !== undefined && { command }),
});

/** Nothing has to be mended. */
export const isWell = ({ name }: Cause): boolean => name === 'Pulled' || name === 'LoginFound';

/** A verdict is one line, and a list of names can be of thousands; the evidence has them all. */
const MOST_LISTED = 5;

/** "a", "a and b", "a, b and c", "a, b, c, d, e and 7 more". */
export function listed(names: readonly string[]): string {
  const more = names.length - MOST_LISTED;
  const shown = more > 0 ? [...names.slice(0, MOST_LISTED), `${more} more`] : names;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}
