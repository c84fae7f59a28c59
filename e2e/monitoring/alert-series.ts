// Names of series as one replica of the operator has them when it is scraped.

export type SeriesOf = (metric: string, labels?: string) => string;

const seriesOf =
  (pod: string): SeriesOf =>
  (metric, labels = '') => {
    const all = [labels, `job="regcred",namespace="regcred-system",pod="${pod}"`];
    return `${metric}{${all.filter(label => label !== '').join(',')}}`;
  };

/** Of one replica, and of another that takes over from it. */
export const of = seriesOf('regcred-0');
export const ofOther = seriesOf('regcred-1');

/** Of a RegistryCredential called team. */
export const TEAM = 'credential="team"';

export const ready = (credential: string, status: string): string =>
  of('regcred_ready', `credential="${credential}",status="${status}"`);
export const registries = (state: string, series = of): string =>
  series('regcred_registries', `${TEAM},state="${state}"`);
export const namespaces = (state: string, series = of): string =>
  series('regcred_namespaces', `${TEAM},state="${state}"`);
export const follows = (name: string, series = of): string => series('reflector_following', `name="${name}"`);
