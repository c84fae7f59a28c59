// What an error from the API server means for a change: done anyway, try again at
// once, or a failure that a person should read about.

import type { Failure } from '../core/change.ts';
import { clip } from '../core/clip.ts';
import {
  ApiError,
  isAccessDenied,
  isConflict,
  isNamespaceTerminating,
  isNotFound,
  isReplaced,
} from '../kube/errors.ts';

export type Refusal =
  /** The object or its namespace is gone, and with it what we wanted of it. */
  | { readonly kind: 'gone' }
  /** Decided on an older state; the newer one is on its way to us. */
  | { readonly kind: 'outdated' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** In code points: the rest of a webhook's essay is for its own log. */
const MAX_QUOTE = 400;

/** `redact` masks what a webhook may have quoted from our own request. */
export function refusalOf(error: unknown, redact: (text: string) => string): Refusal {
  if (isNamespaceTerminating(error) || isNotFound(error)) return { kind: 'gone' };
  if (isConflict(error) || isReplaced(error)) return { kind: 'outdated' };
  return { kind: 'failed', failure: failureOf(error, redact) };
}

/** `who` refuses, as the subject of a sentence. */
export function failureOf(error: unknown, redact: (text: string) => string, who = 'the namespace'): Failure {
  if (isAccessDenied(error))
    return {
      reason: 'Forbidden',
      message: `the API server refuses the operator; its RBAC must be as in manifests/: ${quote(error, redact)}`,
    };
  if (error instanceof ApiError && (error.code < 500 || isWebhookFailure(error)) && error.code !== 429)
    return { reason: 'Refused', message: `${who} refuses it: ${quote(error, redact)}` };
  const code = error instanceof ApiError ? `answers ${error.code}` : 'cannot be reached';
  return { reason: 'WriteFailed', message: `the API server ${code}; it is tried again` };
}

/** A webhook that is down answers 500 for the namespaces that it watches, and only for those. */
const isWebhookFailure = ({ message }: ApiError): boolean => message.includes('failed calling webhook');

const quote = (error: unknown, redact: (text: string) => string): string =>
  clip(redact(error instanceof Error ? error.message : 'unknown error'), MAX_QUOTE);
