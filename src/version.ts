// The version that the bundle was built from; outside a bundle there is none.

declare const REGCRED_VERSION: string | undefined;

export const version = typeof REGCRED_VERSION === 'string' ? REGCRED_VERSION : 'development';
