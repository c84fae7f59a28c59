// The name of an image in full, as kubelet and container runtimes read it: `nginx` is
// docker.io/library/nginx:latest. After github.com/distribution/reference, normalize.go and regexp.go.

export interface ImageReference {
  readonly written: string;
  /** host[:port] as it was written; Docker Hub is docker.io. */
  readonly host: string;
  /** Without a slash at either end. */
  readonly path: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
  /** host/path: what the kubelet compares logins with. */
  readonly repository: string;
  /** What the runtime asks the registry for: a digest goes before a tag, and without both it is `latest`. */
  readonly fullName: string;
}

export type ParsedImage =
  | { readonly ok: true; readonly image: ImageReference }
  /** One clause that says what is wrong, after "NAME is no image name: ". */
  | { readonly ok: false; readonly message: string };

const DOCKER_HUB = 'docker.io';

const HOST_PART = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const HOST = `(?:${HOST_PART}(?:\\.${HOST_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const PATH_PART = '[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*';
const PATH = `${PATH_PART}(?:/${PATH_PART})*`;
const TAG = '[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}';
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const REFERENCE = new RegExp(
  `^(?<host>${HOST})/(?<path>${PATH})(?::(?<tag>${TAG}))?(?:@(?<digest>${DIGEST}))?$`,
);

/** What go-digest knows: algorithm -> digits. */
const DIGITS: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

const LONGEST_PATH = 255;

export function parseImage(text: string): ParsedImage {
  if (/^[a-f0-9]{64}$/.test(text)) return bad('64 hexadecimal digits are an image ID: write HOST/PATH:TAG');
  const { host, rest } = split(text);
  const beforeTag = rest.split(':', 1)[0] ?? '';
  if (beforeTag !== beforeTag.toLowerCase())
    return bad('the part after the host must be in lower-case letters');
  const groups = REFERENCE.exec(`${host}/${rest}`)?.groups;
  if (groups === undefined) return bad(explainRefusal(text));
  const { path = '', tag, digest } = groups;
  if (path.length > LONGEST_PATH) return bad(`it is longer than ${LONGEST_PATH} characters`);
  if (digest !== undefined && !isDigest(digest))
    return bad('its digest is not sha256: and 64 hexadecimal digits');
  const repository = `${host}/${path}`;
  const fullName = digest === undefined ? `${repository}:${tag ?? 'latest'}` : `${repository}@${digest}`;
  return { ok: true, image: { written: text, host, path, tag, digest, repository, fullName } };
}

/** Where the host ends. A first part without dot, colon or capital is no host but part of a name on Docker Hub. */
function split(text: string): { host: string; rest: string } {
  const slash = text.indexOf('/');
  if (slash < 0) return { host: DOCKER_HUB, rest: `library/${text}` };
  const first = text.slice(0, slash);
  const rest = text.slice(slash + 1);
  const isHub = first === DOCKER_HUB || first === 'index.docker.io';
  const isHost = first === 'localhost' || /[.:]/.test(first) || first !== first.toLowerCase();
  if (!isHub && isHost) return { host: first, rest };
  const remainder = isHub ? rest : text;
  return { host: DOCKER_HUB, rest: remainder.includes('/') ? remainder : `library/${remainder}` };
}

function isDigest(digest: string): boolean {
  const [algorithm = '', digits = ''] = digest.split(':');
  return digits.length === DIGITS.get(algorithm) && !/[A-F]/.test(digits);
}

function explainRefusal(text: string): string {
  if (text === '') return 'it is empty';
  if (/\s/.test(text)) return 'it has a blank in it';
  if (/^[a-z]+:\/\//i.test(text)) return 'it begins with a scheme: leave that out';
  if (text.includes('*')) return 'it has a * in it, which only a login can have';
  if (text.endsWith('/')) return 'it ends after a slash: write HOST/PATH:TAG';
  if (/[:@]$/.test(text)) return 'it ends before a tag or digest: write HOST/PATH:TAG';
  return 'write [HOST[:PORT]/]PATH[:TAG][@DIGEST]';
}

const bad = (message: string): ParsedImage => ({ ok: false, message });
