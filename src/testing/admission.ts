// What admission policies are to the in-memory API server: one may change an object before
// it is checked, and one may refuse the request as the last word.

import type { ApiError } from '../kube/errors.ts';
import type { AnyObject, Resource, ResourceName } from './resources.ts';

/** A write as admission gets to see it. */
export interface Review {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly resource: Resource;
  /** None of a DELETE. */
  readonly object: AnyObject | undefined;
  /** None of a CREATE. */
  readonly oldObject: AnyObject | undefined;
  readonly user: string;
  readonly status: boolean;
}

/** What is stored just now, frozen. */
export interface ClusterView {
  get(resource: ResourceName, key: string): AnyObject | undefined;
  /** Sorted by namespace and name. */
  list(resource: ResourceName): readonly AnyObject[];
}

export interface Admission {
  /** Changes `object` in place. Owners of fields are settled by then, as in the real one. */
  mutate?(review: Review, cluster: ClusterView): void;
  /** What it returns is the answer. */
  validate?(review: Review): ApiError | undefined;
}
