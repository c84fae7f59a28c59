// Turns what the API server says when it refuses into an ApiError. Only the message of
// a Status object is kept: bodies and headers can hold credentials.

import { ApiError } from './errors.ts';

/** Characters; a denial by a webhook can be of any length and ends up in status and log. */
const LONGEST_MESSAGE = 1024;

/**
 * Milliseconds; whoever asks for longer is asked again after so long. Else a proxy could make us deaf for hours, and
 * from 25 days on a timer would not wait at all.
 */
const LONGEST_WAIT = 5 * 60_000;

export interface Status {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly causes?: readonly { readonly reason?: string }[];
    readonly retryAfterSeconds?: number;
  };
}

/** An answer other than 2xx. `what` names the request, for answers that are no Status (a proxy's, say). */
export function errorOfAnswer(
  code: number,
  body: string,
  retryAfter: number | undefined,
  what: string,
): ApiError {
  const status = parseStatus(body);
  if (status === undefined) {
    return new ApiError(code, '', `could not ${what}: HTTP ${code} without a Status object`, [], retryAfter);
  }
  return errorOfStatus({ ...status, code }, what, retryAfter);
}

/** An ERROR frame of a watch, which is a Status in an answer of 200. */
export function errorOfStatus(status: Status, what: string, retryAfter?: number): ApiError {
  const code = typeof status.code === 'number' && status.code >= 400 ? status.code : 500;
  const message = text(status.message) || `could not ${what}: HTTP ${code}`;
  const causes = Array.isArray(status.details?.causes) ? status.details.causes : [];
  const seconds = status.details?.retryAfterSeconds;
  return new ApiError(
    code,
    text(status.reason),
    shortened(message),
    causes.map(cause => text(cause?.reason)).filter(reason => reason !== ''),
    retryAfter ?? (typeof seconds === 'number' && seconds > 0 ? waitOf(seconds * 1000) : undefined),
  );
}

/** Milliseconds of a Retry-After header: seconds, or an HTTP date. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return waitOf(Number(header) * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : waitOf(date - now);
}

const waitOf = (milliseconds: number): number => Math.min(Math.max(0, milliseconds), LONGEST_WAIT);

function parseStatus(body: string): Status | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isStatus(value) ? value : undefined;
  } catch {
    // A proxy or a load balancer answered, in HTML or in plain text.
    return undefined;
  }
}

function isStatus(value: unknown): value is Status {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'Status';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function shortened(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE - 1)}…`;
}
