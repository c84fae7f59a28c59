// The few names and passwords of all simulations, so that steps meet one another.

export const SECRET_NAMES = ['regcred', 'team-login'] as const;
export const CREDENTIALS = ['alpha', 'beta', 'gamma'] as const;
export const NAMESPACES = ['apps', 'web', 'data', 'jobs', 'lab', 'kube-system'] as const;
export const ACCOUNTS = ['default', 'builder', 'deployer'] as const;
export const SOURCES = ['login-a', 'login-b', 'config'] as const;
export const FOREIGN_FINALIZER = 'example.org/backup';
export const SERVERS = ['r.io', 'https://r.io/v1/', 'r.io/team', 'other.io:5000'] as const;

/** In every password and token of a simulation: where it turns up, a credential does. */
export const MARK = 'mkZq7xW3vK';

/** Long enough, and of what the mark is made of is escaped nowhere: as it is, in URLs and in JSON it is the same. */
const fragments = [0, 1, 2].map(shift => {
  const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(MARK)]).toString('base64');
  return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + MARK.length) * 8) / 6));
});

/** The mark, and what base64 makes of it at each offset. */
export const FORMS_OF_MARK: readonly string[] = [MARK, ...fragments];

export const showsMark = (text: string): boolean => FORMS_OF_MARK.some(form => text.includes(form));

export const passwordOf = (number: number): string => `p/${MARK}&<${number}>`;
