// The fetches of tokens on a clock of the test, and whoever gives them.

import { Fetches } from '../controller/fetches.ts';
import type { Standing } from '../controller/token-fetch.ts';
import type { Wish } from '../controller/wishes.ts';
import type { Token } from '../core/token.ts';
import type { SourceContext } from '../sources/source.ts';
import { FakeClock } from './fake-clock.ts';
import { sourceContext, sourceSecret } from './source-secrets.ts';
import { aTokenSource, TokenGiver } from './token-source.ts';

const MINUTE = 60_000;

/** What the source reads. */
export const secretsWith = (password: string, resourceVersion = '1'): SourceContext =>
  sourceContext({ ...sourceSecret('key', 'Opaque', { password }), resourceVersion });

export class FetchRig {
  readonly clock = new FakeClock();
  readonly giver = new TokenGiver();
  /** RegistryCredentials that were woken, in their order. */
  readonly woken: string[] = [];
  readonly log: string[] = [];
  /** What the redactor knows. */
  readonly learned: string[] = [];
  readonly fetches: Fetches;

  constructor() {
    const at = (message: string, fields = {}) => void this.log.push(`${message} ${JSON.stringify(fields)}`);
    this.fetches = new Fetches({
      clock: this.clock,
      random: () => 0.5,
      log: { debug: at, info: at, warn: at, error: at },
      redactor: {
        learn: secret => void this.learned.push(secret),
        forget: secret => void this.learned.splice(this.learned.indexOf(secret), 1),
      },
      ask: (...asked) => this.giver.ask(...asked),
      observe: () => undefined,
      wake: credential => void this.woken.push(credential),
    });
  }

  use(
    credential = 'team',
    secrets = secretsWith('p'),
    known?: Token,
    wish: Partial<Wish> = {},
    server = 'r.io',
  ): Standing & { readonly key: string } {
    const registry = { server };
    const nothing = { schedule: undefined, request: undefined };
    return this.fetches.use({
      credential,
      source: aTokenSource,
      registry,
      secrets,
      known,
      now: this.clock.now(),
      ...nothing,
      ...wish,
    });
  }

  wish(wished: Partial<Wish>, known?: Token): Standing {
    return this.use('team', secretsWith('p'), known, wished);
  }

  password(credential = 'team'): string | undefined {
    return this.use(credential)
      .token?.entries.map(({ json }) => JSON.parse(json).password)
      .join();
  }

  /** Minutes between one question and the next. */
  pauses(): number[] {
    const minutes = this.giver.asked.map(at => Math.round((at - (this.giver.asked[0] ?? 0)) / MINUTE));
    return minutes.slice(1).map((at, index) => at - (minutes[index] ?? 0));
  }
}
