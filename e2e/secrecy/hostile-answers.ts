// What may come instead of the API server's answer: from gateways, from webhooks by way of the API server,
// from broken networks. Each holds what was sent, and that holds a credential.

import type { ServerResponse } from 'node:http';
import { echoes } from './echoes.ts';

export interface Sent {
  /** The header Authorization. */
  readonly authorization: string;
  readonly body: string;
}

export type Answer = (sent: Sent, response: ServerResponse) => void;

/** What a webhook makes of a Secret that it was asked about. */
function decodedOf(body: string): string {
  const [, base64 = ''] = /"\.dockerconfigjson":"([\w+/=]+)"/.exec(body) ?? [];
  return base64 === '' ? body : Buffer.from(base64, 'base64').toString();
}

const passwordIn = (config: string): string => /"password":"((?:[^"\\]|\\.)*)"/.exec(config)?.[1] ?? config;

const all = ({ authorization, body }: Sent): string =>
  [authorization, body, decodedOf(body)].flatMap(text => Object.values(echoes(text))).join('\n');

const send = (response: ServerResponse, code: number, type: string, body: string, headers = {}): void => {
  response.writeHead(code, { 'content-type': type, ...headers }).end(body);
};

const json = (response: ServerResponse, code: number, value: unknown): void =>
  send(response, code, 'application/json', JSON.stringify(value));

const status = (code: number, message: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Status',
  status: 'Failure',
  code,
  reason: 'Invalid',
  message,
  ...more,
});

/** A Status whose message quotes the request in one way; the parts together would be cut. */
const quoting =
  (how: string, what: (sent: Sent) => string): Answer =>
  (sent, response) =>
    json(response, 422, status(422, `denied: ${echoes(what(sent))[how]}`));

const HOW = Object.keys(echoes(''));

/** By a name that may be part of a Kubernetes name. */
export const HOSTILE_ANSWERS: Record<string, Answer> = {
  'page-502': (sent, response) => send(response, 502, 'text/html', `<p>${all(sent)}</p>`),
  'page-200': (sent, response) => send(response, 200, 'text/html', `<p>${all(sent)}</p>`),
  'json-string': (sent, response) => json(response, 200, all(sent)),
  'json-array': (sent, response) => json(response, 200, [all(sent)]),
  'json-object': (sent, response) => json(response, 200, { metadata: all(sent) }),
  redirect: (sent, response) =>
    send(response, 302, 'text/plain', all(sent), {
      location: `/login?${encodeURIComponent(sent.authorization)}`,
    }),
  cut: ({ authorization }, response) => {
    response.writeHead(200, { 'content-length': 9_999 }).write(`{"kind":"${authorization}`);
    setImmediate(() => response.destroy());
  },
  'not-http': (sent, response) => void response.socket?.end(`${sent.authorization}\r\n${all(sent)}\r\n`),
  'header-malformed': ({ authorization }, response) =>
    void response.socket?.end(`HTTP/1.1 200 ${authorization}\r\n${authorization}\r\n\r\n`),
  'status-401': (sent, response) => json(response, 401, status(401, all(sent))),
  'status-403': (sent, response) =>
    json(response, 403, status(403, `you cannot patch resource ${all(sent)}`)),
  'status-409': (sent, response) => json(response, 409, status(409, all(sent))),
  'status-429': (sent, response) => json(response, 429, status(429, all(sent))),
  'status-500': (sent, response) => json(response, 500, status(500, `failed calling webhook: ${all(sent)}`)),
  'status-elsewhere': (sent, response) =>
    json(response, 422, {
      ...status(422, 'no', { details: { causes: [{ reason: all(sent) }] } }),
      reason: all(sent),
    }),
  ...Object.fromEntries(
    HOW.flatMap((how, index): [string, Answer][] => [
      [`token-${index}`, quoting(how, ({ authorization }) => authorization)],
      [`body-${index}`, quoting(how, ({ body }) => body)],
      [`password-${index}`, quoting(how, ({ body }) => passwordIn(decodedOf(body)))],
    ]),
  ),
};

/** What the watch of a collection may bring. */
const frame = (response: ServerResponse, text: string): void =>
  send(response, 200, 'application/json', `${text}\n`);

export const HOSTILE_WATCHES: readonly Answer[] = [
  (sent, response) => frame(response, JSON.stringify({ type: 'ERROR', object: status(500, all(sent)) })),
  (sent, response) => frame(response, `${all(sent).replaceAll('\n', ' ')}`),
  (sent, response) => frame(response, JSON.stringify({ type: 'ADDED', object: { [all(sent)]: 1 } })),
  (sent, response) => frame(response, JSON.stringify({ type: all(sent), object: { metadata: {} } })),
  (sent, response) => HOSTILE_ANSWERS['status-403']?.(sent, response),
  (sent, response) => HOSTILE_ANSWERS['page-502']?.(sent, response),
  (sent, response) => HOSTILE_ANSWERS['not-http']?.(sent, response),
];

/** Whatever its kind is to be, reading it fails. */
const unreadable = (text: string): object => ({
  metadata: { name: 'x', labels: null, annotations: text, managedFields: text, finalizers: text },
  imagePullSecrets: text,
  data: text,
});

export const UNREADABLE_WATCH: Answer = (sent, response) =>
  frame(response, JSON.stringify({ type: 'ADDED', object: unreadable(all(sent)) }));
