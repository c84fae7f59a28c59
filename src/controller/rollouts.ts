// Which namespaces a change of a RegistryCredential still has to reach. A change is
// rolled out when each of them was reconciled by a run that began after the change.

interface Rollout {
  /** Namespace -> the turn at which it was asked for. */
  readonly pending: Map<string, number>;
  /** A Secret had to be written: the change was one that namespaces can see. */
  wrote: boolean;
}

export class Rollouts {
  readonly #byCredential = new Map<string, Rollout>();
  readonly #completed = new Map<string, number>();
  #turn = 0;

  /** A mark in time for a run that begins now. */
  turn(): number {
    this.#turn += 1;
    return this.#turn;
  }

  /** Joins a roll-out that is still under way. */
  begin(credential: string, namespaces: Iterable<string>): void {
    const rollout = this.#byCredential.get(credential) ?? { pending: new Map(), wrote: false };
    const turn = this.turn();
    for (const namespace of namespaces) rollout.pending.set(namespace, turn);
    if (rollout.pending.size > 0) this.#byCredential.set(credential, rollout);
  }

  /** Of how many RegistryCredentials. */
  get underWay(): number {
    return this.#byCredential.size;
  }

  isPending(credential: string): boolean {
    return this.#byCredential.has(credential);
  }

  isPendingIn(credential: string, namespace: string): boolean {
    return this.#byCredential.get(credential)?.pending.has(namespace) ?? false;
  }

  pendingNamespaces(credential: string): number {
    return this.#byCredential.get(credential)?.pending.size ?? 0;
  }

  hasWritten(credential: string): boolean {
    return this.#byCredential.get(credential)?.wrote ?? false;
  }

  /** How many of its changes have reached everybody, those that no namespace could see left out. */
  completed(credential: string): number {
    return this.#completed.get(credential) ?? 0;
  }

  /** The Secret of these RegistryCredentials was written in the namespace; returns those to which that is new. */
  noteWrite(namespace: string, credentials: Iterable<string>): string[] {
    const changed: string[] = [];
    for (const credential of credentials) {
      const rollout = this.#byCredential.get(credential);
      if (rollout?.pending.has(namespace) !== true || rollout.wrote) continue;
      rollout.wrote = true;
      changed.push(credential);
    }
    return changed;
  }

  /** The namespace was reconciled by a run that began at `turn`; returns the RegistryCredentials for which it was the last. */
  settle(namespace: string, turn: number, isSettled: (credential: string) => boolean): string[] {
    const finished: string[] = [];
    for (const [credential, { pending, wrote }] of this.#byCredential) {
      const asked = pending.get(namespace);
      if (asked === undefined || asked > turn || !isSettled(credential)) continue;
      pending.delete(namespace);
      if (pending.size > 0) continue;
      this.#byCredential.delete(credential);
      if (wrote) this.#completed.set(credential, this.completed(credential) + 1);
      finished.push(credential);
    }
    return finished;
  }

  forget(credential: string): void {
    this.#byCredential.delete(credential);
    this.#completed.delete(credential);
  }
}
