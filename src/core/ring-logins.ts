// The logins of some Secrets, in their order, as far as they could be read.

import type { RingLogin } from './keyring.ts';
import type { PullFacts } from './pull-facts.ts';

export function loginsOf({ secrets }: Pick<PullFacts, 'secrets'>, names: readonly string[]): RingLogin[] {
  // The kubelet asks for a Secret as often as it is named; twice the same login changes nothing.
  return [...new Set(names)].flatMap(secret => {
    const seen = secrets.get(secret);
    if (seen?.state !== 'read' || seen.value.content.state !== 'read') return [];
    return seen.value.content.logins.map(login => ({ ...login, secret }));
  });
}
