// The status of a RegistryCredential that no operator has looked at: what the API server shows in place of none. To kstatus,
// and so to Flux and `helm --wait`, an object without a status is one that is well. A generation that no object has tells
// them, as everybody who compares the two, to wait. It has all that is required of a status.

export const UNTOLD = {
  observedGeneration: 0,
  conditions: [],
  registries: [],
  namespaces: { selected: 0, synced: 0, failed: 0, summary: '' },
  serviceAccounts: { selected: 0, attached: 0, summary: '' },
  failures: [],
} as const;

/** Undefined for one that nobody has written. */
export const toldStatus = <S extends { readonly observedGeneration: number }>(
  status: S | undefined,
): S | undefined => (status?.observedGeneration === UNTOLD.observedGeneration ? undefined : status);
