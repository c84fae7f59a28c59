// What is made of a text by those who quote it: the forms in which an echo comes back.

/** Characters that are kept of a message of the API server. */
const KEPT = 1_024;

/** By how it is quoted. @param sent such as the header Authorization, or a body */
export function echoes(sent: string): Record<string, string> {
  const [, secret = sent] = /^\w+ (\S+)$/.exec(sent) ?? [];
  const bytes = Buffer.from(secret);
  return {
    plainly: `you sent ${sent}`,
    'without its scheme': `the value "${secret}" is no good`,
    'in JSON': JSON.stringify({ sent }),
    'in JSON in JSON': JSON.stringify(JSON.stringify({ sent })),
    'in base64': `you sent ${Buffer.from(sent).toString('base64')}`,
    'without its scheme in base64': bytes.toString('base64'),
    'in base64 for URLs': bytes.toString('base64url'),
    'in a URL': `/login?x=${encodeURIComponent(secret)}`,
    'in a form': new URLSearchParams({ x: sent }).toString(),
    'in hex': bytes.toString('hex'),
    'as Go prints bytes': `&{value:[${bytes.join(' ')}]}`,
    'cut by whoever quotes it': `you sent ${sent.slice(0, Math.ceil(sent.length * 0.7))}...`,
    // Ends in the middle of it, once the operator keeps no more than it does.
    'too late in a long message': `${'no '.repeat(KEPT / 3 - 10)}${secret}${secret}`,
  };
}
