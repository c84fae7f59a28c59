// What the rest of the operator may ask of the API server. The real one is in
// client.ts, the in-memory one of the tests in testing/.

import type { Priority } from './limiter.ts';

export interface KubeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute path, such as /api/v1/namespaces/a/serviceaccounts/default; encoded by the caller. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** An object is sent as JSON; a string is sent as it is (already JSON). */
  readonly body?: object | string;
  /** Content-Type of the body; a PATCH names its kind here. */
  readonly contentType?: PatchType | 'application/json';
  readonly signal?: AbortSignal;
  /** Of a write, for when there are more than may be under way. Default: bulk. */
  readonly priority?: Priority;
  /** Asked before each attempt is sent; it throws when nothing must be sent any more. */
  readonly permit?: () => void;
  /** The second half of something begun: goes before the writes that wait. */
  readonly goesFirst?: boolean;
}

export type PatchType =
  | 'application/apply-patch+yaml'
  | 'application/merge-patch+json'
  | 'application/json-patch+json';

export interface KubeResponse<T> {
  /** 200 or 201: for server-side apply the difference between configured and created. */
  readonly status: number;
  readonly body: T;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  managedFields?: ManagedFieldsEntry[];
}

export interface ManagedFieldsEntry {
  manager?: string;
  operation?: string;
  subresource?: string;
  apiVersion?: string;
  /** RFC 3339; an apply that changed nothing has none. */
  time?: string;
  fieldsType?: string;
  fieldsV1?: Record<string, unknown>;
}

export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
}

/** A frame of a watch. ERROR frames are thrown as ApiError, not yielded. */
export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject }
  | { readonly type: 'BOOKMARK'; readonly object: KubeObject };

export interface WatchRequest {
  readonly path: string;
  /** Selectors, resourceVersion, sendInitialEvents, timeoutSeconds, …; `watch=true` is added. */
  readonly query: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** The server has accepted the watch; the first event can be a minute away. */
  readonly onOpen?: () => void;
}

export interface KubeClient {
  /** A watch whose connection has died ends soon; otherwise only its own end shows that it lived. May change to false. */
  readonly endsDeadWatches?: boolean;
  /** Resolves for 2xx; rejects with ApiError (any other answer) or TransportError (no answer). */
  request<T>(request: KubeRequest): Promise<KubeResponse<T>>;
  /** Ends when the server ends the watch; throws ApiError (410 among them) or TransportError. */
  watch(request: WatchRequest): AsyncIterable<WatchEvent>;
}
