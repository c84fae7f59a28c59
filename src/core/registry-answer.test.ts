// Words of containerd, Docker, CRI-O and the kubelet, as people have reported them.

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { answerIn, type RegistryAnswer } from './registry-answer.ts';

const IMAGE = 'r.example/app:1';

const WORDS: readonly (readonly [words: string, answer: RegistryAnswer])[] = [
  [
    'failed to pull and unpack image "r.example/app:1": failed to resolve reference "r.example/app:1": unexpected status from HEAD request to https://r.example/v2/app/manifests/1: 401 Unauthorized',
    'denied',
  ],
  ['failed to authorize: failed to fetch anonymous token: unexpected status: 403 Forbidden', 'denied'],
  [
    'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    'denied',
  ],
  [
    'initializing source docker://r.example/app:1: reading manifest 1: unauthorized: access to the requested resource is not authorized',
    'denied',
  ],
  ['no basic auth credentials', 'denied'],
  ['failed to resolve reference "r.example/app:1": r.example/app:1: not found', 'not-found'],
  ['reading manifest 1 in r.example/app: manifest unknown', 'not-found'],
  ['toomanyrequests: You have reached your unauthenticated pull rate limit', 'rate-limited'],
  [
    'httpReadSeeker: failed open: unexpected status code https://r.example/v2/x: 429 Too Many Requests',
    'rate-limited',
  ],
  ['dial tcp: lookup r.example on 10.96.0.10:53: no such host', 'unreachable'],
  [
    'Head "https://r.example/v2/app/manifests/1": dial tcp 10.0.0.1:443: connect: connection refused',
    'unreachable',
  ],
  ['Get "https://r.example/v2/": x509: certificate signed by unknown authority', 'unreachable'],
  ['http: server gave HTTP response to HTTPS client', 'unreachable'],
  [
    'unexpected status from HEAD request to https://r.example/v2/app/manifests/1: 503 Service Unavailable',
    'unreachable',
  ],
  ['net/http: TLS handshake timeout', 'unreachable'],
  ['pull QPS exceeded', 'held-back'],
  ['write /var/lib/containerd: no space left on device', 'unknown'],
  ['', 'unknown'],
];

describe('the answer of a registry', () => {
  for (const [words, answer] of WORDS)
    it(`is ${answer} in "${words.slice(0, 70)}"`, () => expect(answerIn(words, IMAGE)).to.equal(answer));

  it('is not read out of the name of the image', () => {
    for (const image of ['denied.example/401:404', 'r.example/not-found/429'])
      expect(
        answerIn(`failed to pull ${image} from "${image}" at https://${image}: the disk is full`, image),
      ).to.equal('unknown');
  });
});
