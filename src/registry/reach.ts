// How far in a registry may lead us. The first question goes where the administrator said; every later one goes
// where the registry said, by a realm or by DNS that has changed since.

import { type AddressClass, addressClass } from '../net/address-class.ts';
import { isLoopbackName, literalOf } from '../net/host-name.ts';

export interface Reach {
  /** What the registry is asked at. */
  readonly registry: URL;
  /** Where it was; undefined before the first answer. */
  readonly found: AddressClass | undefined;
}

/** Whether `url` may be asked at this address. */
export function mayLeadTo(address: string, url: URL, { registry, found }: Reach): boolean {
  const kind = addressClass(address);
  // The words for this machine are asked over plain http: a resolver must not make another one of them.
  if (isLoopbackName(url.hostname) && kind !== 'loopback') return false;
  switch (kind) {
    case 'public':
      return true;
    case 'forbidden':
      return false;
    case 'loopback':
      // A name that turns out to be this machine is a trick; the word for it is not.
      return isLoopbackName(url.hostname) && isLoopbackName(registry.hostname);
    case 'private':
      return found === undefined || found === 'private' || found === 'loopback';
  }
}

/**
 * Where an answer came from. Undefined as `address` is for what a proxy brought: where that found a name nobody here
 * knows, and so no later question may lead inside.
 */
export function foundAt(url: URL, address: string | undefined): AddressClass {
  return addressClass(literalOf(url) ?? address ?? '');
}
