// A credential may reach a text in many forms; none of them may come out of it.

import { inspect } from 'node:util';
import { expect } from 'chai';
import { createRedactor } from './redactor.ts';

const { redact } = createRedactor();

function knowing(...secrets: string[]) {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.learn(secret);
  return redactor;
}

describe('a redactor', () => {
  // Its base64 has both characters that the alphabet for URLs does not have.
  const secret = 'p&ss "wörd"\\<1>/+ÿ>>?>~~?~\u2028';
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const forms: Record<string, string> = {
    'as it is': secret,
    'in JSON': JSON.stringify({ a: secret }),
    'in JSON in JSON': JSON.stringify({ a: JSON.stringify({ a: secret }) }),
    'in JSON as Go writes it': JSON.stringify(secret).replace(
      /[<>&\u2028]/g,
      c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
    'in a URL': `https://x/?q=${encodeURIComponent(secret)}`,
    'in a form': new URLSearchParams({ q: secret }).toString(),
    'in base64': base64(secret),
    'in base64 for URLs': Buffer.from(secret).toString('base64url'),
    'in base64 in a URL': encodeURIComponent(base64(secret)),
    'behind a user name in base64': base64(`u:${secret}`),
    'behind a longer user name in base64': base64(`us:${secret}`),
    'in the middle of a docker config in base64': base64(`{"n":1,"auths":{"r.io":{"abc":"${secret}"}}}`),
    'escaped in a docker config in base64': base64(
      JSON.stringify({ n: 1, auths: { 'r.io': { password: secret } } }),
    ),
    'in JSON in JSON in JSON': JSON.stringify({ a: JSON.stringify({ a: JSON.stringify({ a: secret }) }) }),
    'escaped in a docker config in a URL': encodeURIComponent(JSON.stringify({ a: secret })),
    'escaped in a docker config in hex': Buffer.from(JSON.stringify({ a: secret })).toString('hex'),
    'escaped in a docker config as Go prints bytes': `[${Buffer.from(JSON.stringify({ a: secret })).join(' ')}]`,
    'in hex': Buffer.from(secret).toString('hex'),
    'in hex of capitals': Buffer.from(secret).toString('hex').toUpperCase(),
    'as Go prints bytes': `map[password:[${Buffer.from(secret).join(' ')}]]`,
    'as Go prints bytes with their type': `[]byte{${[...Buffer.from(secret)].map(byte => `0x${byte.toString(16)}`).join(', ')}}`,
    'as node prints a Buffer': inspect(Buffer.from(secret)),
    'as JSON of a Buffer': JSON.stringify({ a: Buffer.from(secret) }),
    'in the middle of a web token': Buffer.from(`{"x":"${secret}"}`).toString('base64url'),
  };
  const parts = [secret, 'wörd', base64(secret).slice(4, -4)];
  for (const [where, text] of Object.entries(forms)) {
    it(`masks a secret that it knows ${where}`, () => {
      expect(createRedactor().redact(text), 'the test would prove nothing').to.equal(text);
      const masked = knowing(secret).redact(`before ${text} after`);
      expect(masked).to.match(/^before .*\*\*\*.* after$/);
      for (const part of parts) expect(masked).not.to.include(part);
    });
  }

  it('masks a short secret in base64 for URLs', () => {
    expect(knowing('ab>>?').redact('x YWI-Pj8 y')).to.equal('x *** y');
  });

  it('masks a secret that holds another one as a whole', () => {
    expect(knowing('hunter', 'hunter22').redact('it is hunter22!')).to.equal('it is ***!');
  });

  for (const ellipsis of ['…', '...'])
    it(`masks a secret that was cut off before ${ellipsis}`, () => {
      const cut = (text: string) => knowing(secret).redact(`no ${text}${ellipsis} (too long), for it...`);
      expect(cut(secret.slice(0, 12))).to.equal(`no ***${ellipsis} (too long), for it...`);
      expect(cut(base64(`user:${secret}`).slice(0, 20))).to.match(/^no dXNlc.{0,3}\*\*\*/);
      expect(cut(`${secret} and ${secret.slice(0, 5)}`)).to.equal(
        `no *** and ***${ellipsis} (too long), for it...`,
      );
      expect(cut('p&s')).to.equal(`no p&s${ellipsis} (too long), for it...`);
      expect(cut('p&x')).to.equal(`no p&x${ellipsis} (too long), for it...`);
    });

  it('leaves a secret of three characters, for it would be everywhere', () => {
    expect(knowing('the').redact('the login')).to.equal('the login');
  });

  it('masks a secret until everyone who told it has taken it back', () => {
    const redactor = knowing('hunter22', 'hunter22');
    redactor.forget('hunter22');
    expect(redactor.redact('hunter22')).to.equal('***');
    redactor.forget('hunter22');
    expect(redactor.redact('hunter22')).to.equal('hunter22');
    redactor.forget('hunter22');
    redactor.learn('hunter22');
    expect(redactor.redact('hunter22')).to.equal('***');
  });

  const masked: Record<string, [text: string, masked: string]> = {
    'a bearer token': ['sent Bearer abcdefgh.ijk', 'sent Bearer ***'],
    'a basic login': [`sent Basic ${base64('user:pw')} twice`, 'sent Basic *** twice'],
    'a basic login without padding': [`sent Basic ${base64('user:p')} twice`, 'sent Basic *** twice'],
    'an Authorization header of a scheme that is not known': [
      'Authorization: Own s3-x, next',
      'Authorization: ***, next',
    ],
    'an Authorization header': ['authorization: Negotiate YII_x=, next', 'authorization: ***, next'],
    'a JSON web token': ['got eyJhbGciOi.eyJzdWIiOi.c2ln-X_z.', 'got ***'],
    'a login in a URL': ['GET https://user:pw@r.io/v2/', 'GET https://***@r.io/v2/'],
    'a password in JSON': ['{"password":"a\\"b","n":1}', '{"password":"***","n":1}'],
    'an auth in JSON in JSON': [
      '{\\"auth\\":\\"dTpw\\\\\\"x\\",\\"n\\":1}',
      '{\\"auth\\":\\"***\\",\\"n\\":1}',
    ],
    'a docker config in base64': [`no ${base64('{"auths":{"r.io":{"password":"pw"}}}')} here`, 'no *** here'],
    'a token in a query': ['/token?access_token=abc&x=1', '/token?access_token=***&x=1'],
    'a client secret in a form': ['client_id=1&client_secret=s3', 'client_id=1&client_secret=***'],
  };
  for (const [what, [text, result]] of Object.entries(masked)) {
    it(`masks ${what} that nobody told it of`, () => expect(redact(text)).to.equal(result));
  }

  const prose = [
    'the basic source of registries[0] names no Secret',
    'WWW-Authenticate: Bearer realm="https://auth.example/token",service="r"',
    'could not apply apps/regcred: secrets "regcred" is forbidden',
    'https://index.docker.io/v1/ at 10.0.0.1:5000',
    'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  ];
  for (const text of prose) it(`leaves "${text}"`, () => expect(redact(text)).to.equal(text));
});
