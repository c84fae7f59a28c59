// Names that both the benchmark and its floor use.

/** Of the RegistryCredential, and of its source Secret. */
export const CREDENTIAL = 'bench';

export const FLEET_PREFIX = 'fleet-';
