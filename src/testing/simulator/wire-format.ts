// Requests and answers as they go over the wire, between the client and the API server in memory.

import type { ApiError } from '../../kube/errors.ts';
import type { KubeRequest } from '../../kube/kube-client.ts';
import type { CompleteAnswer } from '../../kube/transport.ts';
import type { Outgoing } from '../../net/exchange.ts';

export const SERVER = 'http://apiserver';

export function requestOf({ url, method, headers, body }: Outgoing): KubeRequest {
  return {
    method: method as KubeRequest['method'],
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    ...(body === undefined
      ? {}
      : { body, contentType: headers['content-type'] as NonNullable<KubeRequest['contentType']> }),
  };
}

/** What is stored is frozen, and the same object goes to several watches. */
const texts = new WeakMap<object, string>();

export function textOf(object: object): string {
  let text = texts.get(object);
  if (text === undefined) {
    text = JSON.stringify(object);
    if (Object.isFrozen(object)) texts.set(object, text);
  }
  return text;
}

const statusOf = ({ code, reason, message, causes }: ApiError): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  reason,
  details: { causes: causes.map(cause => ({ reason: cause })) },
  code,
});

export const answerOf = (error: ApiError): CompleteAnswer => ({
  status: error.code,
  retryAfter: error.retryAfter === undefined ? undefined : String(error.retryAfter / 1000),
  text: JSON.stringify(statusOf(error)),
});

export const frame = (type: string, object: object): string =>
  `{"type":"${type}","object":${textOf(object)}}\n`;

export const errorFrame = (error: ApiError): string => frame('ERROR', statusOf(error));
