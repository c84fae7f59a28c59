// Names that both the benchmark and its floor use.

/** Of the RegistryCredential, and of its source Secret. */
export const CREDENTIAL = 'bench';

/** Of so many of them; the first is the one whose login changes. */
export const credentialNames = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => (index === 0 ? CREDENTIAL : `${CREDENTIAL}-${index}`));

export const FLEET_PREFIX = 'fleet-';
