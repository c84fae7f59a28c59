// An entry that the kubelet cannot read costs a pod all its logins, so each way in
// which one can be wrong has a row here.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type Login, readLogin } from './login.ts';

const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');

const LOGIN: Login = { username: 'u', password: 'fake', email: '' };

const GOOD: Record<string, { entry: unknown; login: Login }> = {
  'username and password get their auth': { entry: { username: 'u', password: 'fake' }, login: LOGIN },
  'auth alone gets its username and password': { entry: { auth: 'dTpmYWtl' }, login: LOGIN },
  'auth beats username and password': {
    entry: { username: 'x', password: 'y', auth: 'dTpmYWtl' },
    login: LOGIN,
  },
  'an empty auth does not': { entry: { username: 'u', password: 'fake', auth: '' }, login: LOGIN },
  'null is as good as absent': {
    entry: { username: 'u', password: 'fake', auth: null, email: null },
    login: LOGIN,
  },
  'null does not undo what the same field said before': {
    entry: { auth: 'dTpmYWtl', AUTH: null },
    login: LOGIN,
  },
  'field names count in any case': { entry: { UserName: 'u', PASSWORD: 'fake' }, login: LOGIN },
  'a long s in a field name is an s, as Go has it': {
    entry: { u\u017fername: 'u', pas\u017fword: 'fake' },
    login: LOGIN,
  },
  'line breaks in auth are skipped': { entry: { auth: 'dTpm\r\nYWtl\n' }, login: LOGIN },
  'a token beside a login is dropped': {
    entry: { auth: 'dTpmYWtl', identitytoken: 'fake-token' },
    login: LOGIN,
  },
  'auth without its padding is read': {
    entry: { auth: 'dTpmYQ' },
    login: { username: 'u', password: 'fa', email: '' },
  },
  'auth with its padding is read': {
    entry: { auth: 'dTpmYQ==' },
    login: { username: 'u', password: 'fa', email: '' },
  },
  'the first colon of auth ends the username': {
    entry: { auth: base64('u:fake:x'), email: 'u@r.io' },
    login: { username: 'u', password: 'fake:x', email: 'u@r.io' },
  },
  'a lone surrogate becomes what Go makes of it': {
    entry: { username: 'u', password: 'fake\ud800' },
    login: { username: 'u', password: 'fake\ufffd', email: '' },
  },
  'a field named __proto__ is nothing special': {
    entry: JSON.parse('{"__proto__":{"auth":"x"},"username":"u","password":"fake"}'),
    login: LOGIN,
  },
};

const BAD: Record<string, { entry: unknown; message: RegExp }> = {
  'auth that is not base64': { entry: { auth: 'fake!' }, message: /^auth is not base64/ },
  'auth with a space': { entry: { auth: 'dTpmYWtl ' }, message: /^auth is not base64/ },
  'auth with too much padding': { entry: { auth: 'dTpmYWtl=' }, message: /^auth is not base64/ },
  'auth with too little padding': { entry: { auth: 'dTpmYQ=' }, message: /^auth is not base64/ },
  'auth with padding in the middle': { entry: { auth: 'dTo=dTo=' }, message: /^auth is not base64/ },
  'auth cut off after one digit': { entry: { auth: 'dTpmY' }, message: /^auth is not base64/ },
  'auth in the URL alphabet': { entry: { auth: 'dTo_Pz8_' }, message: /^auth is not base64/ },
  'bad auth beside a good username and password': {
    entry: { username: 'u', password: 'fake', auth: '!' },
    message: /^auth is not base64/,
  },
  'auth of nothing but a line break': { entry: { auth: '\n' }, message: /^auth has no colon/ },
  'auth without a colon': { entry: { auth: base64('fake') }, message: /^auth has no colon/ },
  'auth that is not UTF-8': {
    entry: { auth: base64(Buffer.from('u:\xff', 'latin1')) },
    message: /^auth is not UTF-8/,
  },
  'auth without a username': { entry: { auth: base64(':fake') }, message: /^the username is empty/ },
  'auth without a password': { entry: { auth: base64('u:') }, message: /^the password is empty/ },
  'a username alone': { entry: { username: 'u' }, message: /^the password is empty/ },
  'a username with a colon': {
    entry: { username: 'u:x', password: 'fake' },
    message: /^username holds a colon/,
  },
  'a password that is a number': {
    entry: { username: 'u', password: 1 },
    message: /^password is not a string/,
  },
  'an e-mail address that is a list': {
    entry: { username: 'u', password: 'fake', email: [] },
    message: /^email is not a string/,
  },
  'an empty entry, as docker leaves it beside a credential store': { entry: {}, message: /^no login/ },
  'an identity token alone': { entry: { identitytoken: 'fake-token' }, message: /^only a token/ },
  'an identity token with auth that has no password': {
    entry: { auth: base64('u:'), identitytoken: 'fake-token' },
    message: /^only a token/,
  },
  'a registry token alone': { entry: { registrytoken: 'fake-token' }, message: /^only a token/ },
  'a string for an entry': { entry: 'dTpmYWtl', message: /^the entry is not a JSON object/ },
  'a list for an entry': { entry: [], message: /^the entry is not a JSON object/ },
  'null for an entry': { entry: null, message: /^the entry is not a JSON object/ },
};

describe('readLogin', () => {
  for (const [title, { entry, login }] of Object.entries(GOOD)) {
    it(title, () => {
      expect(readLogin(entry)).to.deep.equal({ ok: true, login });
    });
  }

  for (const [title, { entry, message }] of Object.entries(BAD)) {
    it(`${title} is bad, and the message quotes no value`, () => {
      const read = readLogin(entry);
      expect(!read.ok && read.message)
        .to.match(message)
        .and.not.match(/fake|dTp/);
    });
  }

  it('a long auth is read like a short one', () => {
    const password = 'fake'.repeat(200_000);
    const auth = base64(`u:${password}`);
    expect(readLogin({ auth })).to.deep.equal({ ok: true, login: { ...LOGIN, password } });
    expect(readLogin({ auth: `${auth}!` })).to.deep.include({ ok: false });
  });
});
