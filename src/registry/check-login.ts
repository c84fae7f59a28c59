// Asks a registry whether a login is good, as a runtime does before it pulls: /v2/, then a token if it wants one,
// then the manifest if there is an image to prove the pull by. docs/registry-checks.md says what goes where.

import { type Asker, askerOf, isVerdict } from './asker.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import { type Answer, Conversation, type ConversationOptions } from './conversation.ts';
import { type ImageName, MANIFEST_TYPES, pullOf } from './pull.ts';
import type { RealmRules } from './realm.ts';
import { registryAddress } from './registry-address.ts';
import { tokenFor } from './token.ts';
import { type Inconclusive, inconclusive, statusVerdict, type Verdict } from './verdict.ts';

export interface LoginToCheck {
  /** A key of `auths`. */
  readonly server: string;
  readonly username: string;
  readonly password: string;
  /** Where the username does not tell accounts apart, what does (account.ts). */
  readonly account?: string | undefined;
  readonly image?: ImageName | undefined;
}

export interface CheckOptions extends ConversationOptions, RealmRules {
  /** The registry is asked over plain http. */
  readonly insecure?: boolean | undefined;
}

/** Never throws for what the registry does; throws the reason of `options.signal` when that is aborted. */
export async function checkLogin(login: LoginToCheck, options: CheckOptions = {}): Promise<Verdict> {
  const registry = registryAddress(login.server, options.insecure);
  if (registry === undefined) {
    const message =
      'the server names no registry that could be asked: a login for *.example.com takes HOST to check it';
    return inconclusive('ServerUnusable', message);
  }
  const pull = login.image === undefined ? undefined : pullOf(login.image, registry);
  if (isVerdict(pull)) return pull;
  options.signal?.throwIfAborted();
  const conversation = new Conversation(registry, options);
  const verdict = await judge(askerOf({ registry, login, pull, rules: options, conversation }));
  options.signal?.throwIfAborted();
  return verdict;
}

async function judge(asker: Asker): Promise<Verdict> {
  const { registry, pull, ask } = asker;
  const ping = await ask(registry.name, { url: registry.base, method: 'GET' });
  if (isVerdict(ping)) return ping;
  if (ping.status === 401) return byChallenge(asker, ping, true);
  if (ping.status !== 200) return statusVerdict(registry.name, ping.status, ping.retryAfter);
  if (ping.isHtml)
    return inconclusive('NotARegistry', `${registry.name} answers with a web page: correct the server`);
  if (pull === undefined) return loginNotAsked(asker);
  // Everybody may look at it, and some images may be kept from everybody all the same.
  const look = await lookAtManifest(asker);
  if (isVerdict(look)) return look;
  return look.status === 401 ? byChallenge(asker, look, false) : loginNotAsked(asker);
}

/** `isPing`: whether /v2/ asked for the login, and so can say whether it is good. */
async function byChallenge(asker: Asker, { challenges }: Answer, isPing: boolean): Promise<Verdict> {
  const { registry } = asker;
  const known = parseChallenges(challenges);
  const bearer = known.find(({ scheme }) => scheme === 'bearer');
  if (bearer !== undefined) return byToken(asker, bearer);
  if (known.some(({ scheme }) => scheme === 'basic')) return byPassword(asker, isPing);
  return inconclusive(
    'BadAnswer',
    `${registry.name} does not say how to log in: Basic and Bearer are known here`,
  );
}

async function byPassword(asker: Asker, isPing: boolean): Promise<Verdict> {
  const { registry, pull, basic, ask } = asker;
  if (isPing) {
    const entry = await ask(registry.name, { url: registry.base, method: 'GET', authorization: basic });
    if (isVerdict(entry)) return entry;
    if (entry.status === 401 || entry.status === 403) return loginRejected(asker, entry.status);
    if (entry.status !== 200) return statusVerdict(registry.name, entry.status, entry.retryAfter);
  }
  if (pull === undefined) return loginAccepted(asker);
  const look = await lookAtManifest(asker, basic);
  if (isVerdict(look)) return look;
  return !isPing && look.status === 401 ? loginRejected(asker, 401) : pullVerdict(asker, look);
}

async function byToken(asker: Asker, challenge: Challenge): Promise<Verdict> {
  const got = await tokenFor(asker, challenge);
  if (isVerdict(got)) return got;
  if ('refused' in got) {
    return got.refused === 'login'
      ? loginRejected(asker, got.status)
      : { outcome: 'denied', reason: 'PullDenied', message: deniedMessage(asker, got.status) };
  }
  if (asker.pull === undefined) return loginAccepted(asker);
  // A token with less scope than was asked for is no error: only the manifest tells.
  const look = await lookAtManifest(asker, `Bearer ${got.token}`);
  return isVerdict(look) ? look : pullVerdict(asker, look);
}

function lookAtManifest(
  { registry, pull, ask }: Asker,
  authorization?: string,
): Promise<Answer | Inconclusive> {
  return ask(registry.name, {
    url: pull?.url ?? registry.base,
    method: 'HEAD',
    accept: MANIFEST_TYPES,
    authorization,
  });
}

function pullVerdict(asker: Asker, { status, retryAfter }: Answer): Verdict {
  const { registry, pull } = asker;
  if (status === 200) {
    const message = `${registry.name} accepts the login and has ${pull?.shown} for it`;
    return { outcome: 'verified', reason: 'PullAllowed', message };
  }
  if (status === 401 || status === 403)
    return { outcome: 'denied', reason: 'PullDenied', message: deniedMessage(asker, status) };
  if (status === 404) {
    const message = `${registry.name} accepts the login and has no ${pull?.shown}, or not for it (404): correct the image, or let the login pull it`;
    return { outcome: 'denied', reason: 'ImageNotFound', message };
  }
  return statusVerdict(registry.name, status, retryAfter);
}

const deniedMessage = ({ registry, pull }: Asker, status: number): string =>
  `${registry.name} accepts the login and does not give it ${pull?.shown} (${status}): let it pull that, or take another login`;

function loginAccepted({ registry }: Asker): Verdict {
  return { outcome: 'verified', reason: 'LoginAccepted', message: `${registry.name} accepts the login` };
}

function loginRejected({ registry }: Asker, status: number): Verdict {
  const message = `${registry.name} rejects the login (${status}): correct username and password, or renew the token`;
  return { outcome: 'rejected', reason: 'LoginRejected', message };
}

function loginNotAsked({ registry, pull }: Asker): Verdict {
  const what = pull === undefined ? 'lets everybody in' : `asks nobody for a login to ${pull.shown}`;
  return inconclusive('LoginNotAsked', `${registry.name} ${what}, so the login was not tried`);
}
