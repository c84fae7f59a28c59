// An API server's front of the tests: it ends the operator's TLS with a certificate of its own, looks at each
// request, and hands it on to the real API server, or does to it what a rule says.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import { Agent, createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { parse } from 'yaml';
import type { Cluster } from '../cluster/cluster.ts';
import { type AskedRequest, Exchange, type GivenResponse } from './exchange.ts';

/** What is done to a request that it is about. */
export interface Rule {
  readonly about: (exchange: Exchange) => boolean;
  readonly act: (exchange: Exchange) => void;
  /** How often; default: until it is taken away. */
  times?: number;
}

export interface Seen {
  /** Verb and path, such as "WATCH /api/v1/namespaces". */
  readonly what: string;
  /** A streamed one. */
  readonly isList: boolean;
  readonly port: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** Milliseconds, as an API server has it: a kept connection is the client's to close. */
const KEPT_ALIVE = 90_000;

/** `HTTP/2` is offered beside HTTP/1.1, as API servers do; `HTTP/1.1` is all that some load balancers speak. */
export type Spoken = 'HTTP/2' | 'HTTP/1.1';

export class Gateway {
  readonly #server: Server | Http2SecureServer;
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #agent: Agent;
  readonly #target: URL;
  #rules: Rule[] = [];
  /** Each request, in order. */
  readonly seen: Seen[] = [];

  /** Asks for a client certificate of these authorities, and shuts the door on whoever has none. */
  constructor(cluster: Cluster, identity: Identity, clientAuthorities: string, spoken: Spoken = 'HTTP/2') {
    this.#target = new URL(cluster.server);
    const { clusters } = parse(readFileSync(cluster.kubeconfig, 'utf8'));
    const ca = Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64');
    this.#agent = new Agent({ keepAlive: true, ca, timeout: KEPT_ALIVE });
    const tls = { ...identity, ca: clientAuthorities, requestCert: true, rejectUnauthorized: true };
    if (spoken === 'HTTP/1.1') this.#server = createServer({ ...tls, keepAliveTimeout: KEPT_ALIVE });
    else {
      const both = createSecureServer({ ...tls, allowHTTP1: true });
      both.on('session', session => {
        this.#sessions.add(session);
        session.on('error', () => undefined).once('close', () => this.#sessions.delete(session));
      });
      this.#server = both;
    }
    this.#server.on('request', (request: AskedRequest, response: GivenResponse) =>
      this.#handle(new Exchange(request, response, this.#target, this.#agent)),
    );
    // A client that resets a connection during its handshake, as those of the tests do.
    this.#server.on('tlsClientError', () => undefined);
  }

  #handle(exchange: Exchange): void {
    const { verb, path, isList, port } = exchange;
    this.seen.push({ what: `${verb} ${path}`, isList, port, at: Date.now() });
    const rule = this.#rules.find(({ about }) => about(exchange));
    if (rule?.times !== undefined && --rule.times <= 0) this.remove(rule);
    if (rule === undefined) exchange.pass();
    else rule.act(exchange);
  }

  async open(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Milliseconds between a request and the next one for the same, of those that came after so many. */
  pausesSince(count: number, isMeant: (seen: Seen) => boolean): number[] {
    const groups = Map.groupBy(this.seen.slice(count).filter(isMeant), ({ what }) => what);
    return [...groups.values()].flatMap(group =>
      group.slice(1).map(({ at }, index) => at - (group[index]?.at ?? 0)),
    );
  }

  /** The newest goes first. */
  add(rule: Rule): Rule {
    this.#rules.unshift(rule);
    return rule;
  }

  remove(rule: Rule): void {
    this.#rules = this.#rules.filter(one => one !== rule);
  }

  clear(): void {
    this.#rules = [];
  }

  /** For connections to come: another certificate, and other authorities for those of clients. */
  identify(identity: Identity, clientAuthorities: string): void {
    this.#server.setSecureContext({ ...identity, ca: clientAuthorities });
  }

  close(): void {
    this.#server.close();
    for (const session of this.#sessions) session.destroy();
    if ('closeAllConnections' in this.#server) this.#server.closeAllConnections();
    this.#agent.destroy();
  }
}
