// A check at a registry that means ill: whatever it does, the verdict says nothing, comes soon and shows no login.

import { expect } from 'chai';
import { type CheckOptions, checkLogin } from '../registry/check-login.ts';
import type { CheckTimeouts } from '../registry/conversation.ts';
import type { Verdict } from '../registry/verdict.ts';

export const PASSWORD = 'opens-the-door';
export const BASIC = `Basic ${btoa(`puller:${PASSWORD}`)}`;

export const SHORT: CheckTimeouts = { connect: 200, headers: 200, body: 200, whole: 600 };
/** Milliseconds: `whole`, and what a busy machine adds. */
const LONGEST = 2_500;

export async function checkHostile(server: string, options: CheckOptions = {}): Promise<Verdict['reason']> {
  const image = { host: server.replace('https://', ''), path: 'team/app' };
  const login = { server, username: 'puller', password: PASSWORD, image };
  const began = performance.now();
  const verdict = await checkLogin(login, { timeouts: SHORT, ...options });
  expect(performance.now() - began).to.be.lessThan(LONGEST);
  expect(verdict.outcome).to.equal('inconclusive');
  expect(JSON.stringify(verdict)).to.not.match(/opens|cHVsbGVy/);
  return verdict.reason;
}
