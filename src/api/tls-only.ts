// Registries that everybody knows and that speak TLS, all of them: a login for one of these is sent in clear text by a
// mistake only, or by somebody who listens on the way.

const LABELS = '([a-z0-9*-]+[.])*';
const ECR = '[0-9*]+[.]dkr[.-]ecr[^/:]*';
const HOST = `(${LABELS}(docker[.]io|docker[.]com|ghcr[.]io|quay[.]io|gcr[.]io|pkg[.]dev|azurecr[.](io|us|cn)|public[.]ecr[.]aws)|${ECR})`;

/** Of a server as it stands in a spec. No counts: RE2 takes none over 1000. */
export const TLS_ONLY_SERVER = `^(https?://)?${HOST}(:[0-9]+)?(/.*)?$`;

const pattern = new RegExp(TLS_ONLY_SERVER);
export const isTlsOnly = (server: string): boolean => pattern.test(server);
