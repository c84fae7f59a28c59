// Names a request for metrics: verb and resource as RBAC knows them. Both come from
// small sets, never from names of objects, so that a metric stays small.

import type { KubeRequest } from './kube-client.ts';

export interface RequestLabel {
  readonly verb: Verb;
  /** Plural, such as secrets; empty for paths such as /readyz. */
  readonly resource: string;
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'apply' | 'delete';

type Labelled = Pick<KubeRequest, 'method' | 'path' | 'contentType'>;

export function requestLabel(request: Labelled): RequestLabel {
  const { resource, named } = resourceOf(request.path);
  return { verb: verbOf(request, named), resource };
}

export function watchLabel(path: string): RequestLabel {
  return { verb: 'watch', resource: resourceOf(path).resource };
}

function verbOf(request: Labelled, named: boolean): Verb {
  switch (request.method) {
    case 'GET':
      return named ? 'get' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'DELETE':
      return 'delete';
    case 'PATCH':
      return request.contentType === 'application/apply-patch+yaml' ? 'apply' : 'patch';
  }
}

/** /api/VERSION/… or /apis/GROUP/VERSION/…, then [namespaces/NAMESPACE/]PLURAL[/NAME[/SUBRESOURCE]]. */
function resourceOf(path: string): { resource: string; named: boolean } {
  const parts = path.split('/').slice(1);
  const rest = parts[0] === 'api' ? parts.slice(2) : parts[0] === 'apis' ? parts.slice(3) : [];
  // /api/v1/namespaces/a is the namespace itself, /api/v1/namespaces/a/secrets is in it.
  const own = rest[0] === 'namespaces' && rest.length > 2 ? rest.slice(2) : rest;
  if (own[0] === undefined) return { resource: '', named: true };
  return { resource: own[0], named: own.length > 1 };
}
