// What the words of kubelet and runtime about a failed pull come to.

export type RegistryAnswer =
  /** Only who asks the registry itself knows these two: a good login without a right to the image, and with one. */
  'pull-denied' | 'given' | 'denied' | 'not-found' | 'rate-limited' | 'unreachable' | 'held-back' | 'unknown';

const SIGNS: readonly (readonly [RegistryAnswer, RegExp])[] = [
  ['held-back', /pull QPS exceeded/],
  ['rate-limited', /\b429\b|toomanyrequests|too many requests|rate ?limit/i],
  // Docker Hub says "pull access denied, repository does not exist or may require authorization".
  [
    'denied',
    /\b40[13]\b|unauthorized|forbidden|denied|authorization failed|authentication required|no basic auth/i,
  ],
  ['not-found', /\b404\b|not found|manifest unknown|name unknown|does not exist/i],
  [
    'unreachable',
    /no such host|connection refused|i\/o timeout|timed? ?out|deadline exceeded|network is unreachable|no route to host|x509|certificate|tls:|HTTP response to HTTPS|connection reset|\bEOF\b|registry is unavailable|\b50[0234]\b/i,
  ],
];

/** `image` as written: a name may hold any of these words. */
export function answerIn(text: string, image: string): RegistryAnswer {
  const words = text.replaceAll(image, '').replace(/"[^"]*"|https?:\/\/\S+/g, '');
  return SIGNS.find(([, sign]) => sign.test(words))?.[0] ?? 'unknown';
}
