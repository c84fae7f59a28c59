// Where a server of ours listens, in the notation that Kubernetes' own flags use.

export interface ListenAddress {
  /** Undefined means every address, IPv6 where the machine has it. */
  readonly host: string | undefined;
  /** 0 lets the system choose. */
  readonly port: number;
}

/** ":8081", "127.0.0.1:0", "[::1]:8080"; undefined when it is none of these. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[(?<ipv6>[0-9a-fA-F:.]+)\]|(?<host>[0-9A-Za-z.-]*)):(?<port>[0-9]{1,5})$/.exec(text);
  if (match?.groups === undefined) return undefined;
  const port = Number(match.groups.port);
  if (port > 65535) return undefined;
  const host = match.groups.ipv6 ?? match.groups.host;
  return { host: host === '' ? undefined : host, port };
}

/** As it is put into a URL or a message. */
export function formatListenAddress({ host, port }: ListenAddress): string {
  return `${host?.includes(':') ? `[${host}]` : (host ?? '')}:${port}`;
}
