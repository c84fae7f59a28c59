// What a credentials file may say, and what of it is refused: whoever may write Secrets here must not be able to have
// the operator run a program, read a file, or send a token to a host of theirs.

import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { federationFile, KEY_FILE } from '../testing/google-cloud.ts';
import { readIdentity, TOKEN_DIRECTORY } from './gar-identity.ts';

const FILE = `${TOKEN_DIRECTORY}google/token`;
const FEDERATION = federationFile(FILE);
const source = (credentialSource: unknown) => ({ ...FEDERATION, credential_source: credentialSource });
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

describe('a credentials file of Google', () => {
  it('of a service account is its e-mail address and its key', () => {
    expect(readIdentity(JSON.stringify(KEY_FILE), 'secret')).to.deep.equal({
      ok: true,
      identity: { kind: 'key', email: KEY_FILE.client_email, privateKey: KEY_FILE.private_key },
    });
  });

  it('of workload identity federation is a provider and a token', () => {
    expect(readIdentity(JSON.stringify(FEDERATION), 'secret')).to.deep.equal({
      ok: true,
      identity: {
        kind: 'federation',
        audience: FEDERATION.audience,
        subjectTokenType: FEDERATION.subject_token_type,
        tokenFile: FILE,
        tokenField: undefined,
        serviceAccount: undefined,
      },
    });
  });

  it('may name a token in a member of JSON, and a service account to act as', () => {
    const file = {
      ...federationFile(FILE, 'puller@project.iam.gserviceaccount.com'),
      credential_source: { file: FILE, format: { type: 'json', subject_token_field_name: 'token' } },
    };
    const read = readIdentity(JSON.stringify(file), 'secret');
    expect(read.ok && read.identity).to.deep.include({
      tokenField: 'token',
      serviceAccount: 'puller@project.iam.gserviceaccount.com',
    });
  });

  it('in the environment of the operator may name a token anywhere else', () => {
    const file = JSON.stringify(federationFile('/var/run/service-account/token'));
    expect(readIdentity(file, 'environment').ok).to.equal(true);
    expect(readIdentity(file, 'secret').ok).to.equal(false);
  });

  const REFUSED: Readonly<Record<string, [file: object, message: RegExp]>> = {
    'a program': [source({ executable: { command: '/bin/sh -c id' } }), /no program is run/],
    'a program beside a file': [source({ file: FILE, executable: { command: 'id' } }), /no program is run/],
    'a URL that is asked for a token': [source({ url: 'http://169.254.169.254/' }), /no URL asked/],
    'an AWS environment': [source({ environment_id: 'aws1', url: 'http://x' }), /more than a file/],
    'a certificate': [source({ certificate: {} }), /more than a file/],
    "the operator's token for the API server": [
      source({ file: '/var/run/secrets/kubernetes.io/serviceaccount/token' }),
      /API server, which is shown to nobody/,
    ],
    'the same by another path': [
      source({ file: `${TOKEN_DIRECTORY}../kubernetes.io/serviceaccount/token` }),
      /API server, which is shown to nobody/,
    ],
    'the same by the name behind the link': [
      source({ file: '/run/secrets/kubernetes.io/serviceaccount/token' }),
      /API server, which is shown to nobody/,
    ],
    'another file': [source({ file: '/etc/passwd' }), /outside \/var\/run\/secrets\/regcred\.dev\//],
    'a file above the directory of tokens': [
      source({ file: `${TOKEN_DIRECTORY}../../x` }),
      /outside \/var\/run\/secrets\/regcred\.dev\//,
    ],
    'another token_url': [{ ...FEDERATION, token_url: 'https://thief.example.com/v1/token' }, /token_url/],
    'a token_url that only begins like it': [
      { ...FEDERATION, token_url: 'https://sts.googleapis.com@thief.example.com/v1/token' },
      /token_url/,
    ],
    'another place to act as somebody': [
      { ...FEDERATION, service_account_impersonation_url: 'https://thief.example.com/:generateAccessToken' },
      /service_account_impersonation_url/,
    ],
    'a service account that is a path': [
      federationFile(FILE, '../../x@project.iam.gserviceaccount.com'),
      /service_account_impersonation_url/,
    ],
  };

  for (const [title, [file, message]] of Object.entries(REFUSED)) {
    it(`that names ${title} is refused`, () => {
      const read = readIdentity(JSON.stringify(file), 'secret');
      expect(read).to.deep.include({ ok: false, refused: true });
      expect(!read.ok && read.message).to.match(message);
    });
  }

  it("may not name the API server's token in the environment either, nor a program", () => {
    for (const credentialSource of [
      { file: '/var/run/secrets/kubernetes.io/serviceaccount/token' },
      { executable: { command: 'id' } },
    ])
      expect(readIdentity(JSON.stringify(source(credentialSource)), 'environment').ok).to.equal(false);
  });

  const MALFORMED: Readonly<Record<string, [file: object | string, message: RegExp]>> = {
    'no JSON': ['{"private_key": "not-a-real-key', /not a JSON object/],
    'a list': [[KEY_FILE], /not a JSON object/],
    'the login of a person': [{ type: 'authorized_user', refresh_token: 'fake' }, /of no type/],
    'another cloud': [{ ...KEY_FILE, universe_domain: 'example.com' }, /another cloud/],
    'a key that is none': [{ ...KEY_FILE, private_key: 'not-a-real-key' }, /no private_key/],
    'a key of another kind': [
      { ...KEY_FILE, private_key: elliptic.export({ type: 'pkcs8', format: 'pem' }) },
      /no private_key/,
    ],
    'no e-mail address': [{ ...KEY_FILE, client_email: 'puller' }, /no client_email/],
    'no audience': [{ ...FEDERATION, audience: undefined }, /no audience/],
    'a SAML token': [
      { ...FEDERATION, subject_token_type: 'urn:ietf:params:oauth:token-type:saml2' },
      /subject_token_type/,
    ],
    'no source of tokens': [source(undefined), /no file/],
    'a relative file': [source({ file: 'token' }), /no file/],
    'a format that is unknown': [source({ file: FILE, format: { type: 'xml' } }), /format is not text/],
  };

  for (const [title, [file, message]] of Object.entries(MALFORMED)) {
    it(`with ${title} is malformed, and nothing of it is quoted`, () => {
      const read = readIdentity(typeof file === 'string' ? file : JSON.stringify(file), 'secret');
      expect(read).to.deep.include({ ok: false, refused: false });
      expect(!read.ok && read.message)
        .to.match(message)
        .and.not.match(/not-a-real|fake/);
    });
  }
});
