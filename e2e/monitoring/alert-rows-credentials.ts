// Rows of the alerts that are about what one RegistryCredential has to hand out, and whether it arrives.

import type { AlertRow, Firing } from './alert-rows.ts';
import { namespaces, of, ofOther, registries, TEAM } from './alert-series.ts';

const labels = { credential: 'team' };
const ends = (state: string, series = of): string =>
  series('regcred_credential_expiry_timestamp_seconds', `${TEAM},state="${state}"`);
const logins = (result: string, series = of): string =>
  series('regcred_verification', `${TEAM},result="${result}"`);

const ending = (left: string): Firing => ({
  labels,
  summary: 'A login of the RegistryCredential team ends and is not renewed.',
  description: `Its source fails, or it is suspended. Until its end, or since then: ${left}. After that no new image is pulled with it.`,
});
const failing: Firing = {
  labels,
  summary: 'Sources of the RegistryCredential team fail.',
  description:
    'Registries of it get no login, or not all of it. The last good one stays in use where there is one.',
};
const rejected: Firing = {
  labels,
  summary: 'A registry does not take a login of the RegistryCredential team.',
  description:
    'It rejects the login, or does not give the image of spec.verification to it. Where verification only reports, the namespaces have it all the same, and pods cannot pull with it.',
};
const without: Firing = {
  labels,
  summary: '3 namespaces do not have the login of the RegistryCredential team.',
  description: 'Pods there cannot pull with it. Its status names the namespaces, and why.',
};

export const CREDENTIAL_ROWS: readonly AlertRow[] = [
  {
    title: 'fires when a login that cannot be renewed is in its last quarter, and ends with a new one',
    alert: 'RegcredCredentialExpiresSoon',
    series: {
      [ends('serving')]: '1200x9 stale _x20 8000x30',
      [ends('expiring')]: '_x10 1200x20 stale',
    },
    at: { '5m': [], '10m': [ending('10m 0s')], '22m': [] },
  },
  {
    title: 'says when the login ends that is not renewed, beside one that ends sooner and is',
    alert: 'RegcredCredentialExpiresSoon',
    series: { [ends('serving')]: '300+30x60', [ends('expiring')]: '4000x60' },
    at: { '5m': [ending('1h 1m 40s')], '10m': [ending('56m 40s')] },
  },
  {
    title: 'is silent for a login that ends soon and is renewed in time',
    alert: 'RegcredCredentialExpiresSoon',
    series: { [ends('serving')]: '300+30x60' },
    at: { '4m': [], '20m': [] },
  },
  {
    title: 'fires when a login has ended, whatever its source does, as that of one that is suspended',
    alert: 'RegcredCredentialExpiresSoon',
    series: { [ends('serving')]: '300x60' },
    at: { '5m': [], '10m': [ending('-5m 0s')] },
  },
  {
    title: 'goes on while another replica takes over',
    alert: 'RegcredCredentialExpiresSoon',
    series: { [ends('expiring')]: '1200x20 stale', [ends('expiring', ofOther)]: '_x25 1200x40' },
    at: { '10m': [ending('10m 0s')], '11m30s': [ending('10m 0s')], '13m': [ending('7m 0s')] },
  },
  {
    title: 'fires after ten minutes of a failing source, and ends with the failure',
    alert: 'RegcredSourceFailing',
    series: {
      [registries('serving')]: '3x100',
      [registries('kept')]: '0x10 1x40 0x50',
      [registries('failed')]: '0x10 1x40 0x50',
      [of('regcred_registries', 'credential="well",state="serving"')]: '1x100',
    },
    at: { '12m': [], '17m': [failing], '27m': [] },
  },
  {
    title: 'is silent about a source that fails for a moment',
    alert: 'RegcredSourceFailing',
    series: { [registries('serving')]: '1x100', [registries('kept')]: '0x10 1x3 0x80' },
    at: { '6m': [], '12m': [], '16m': [] },
  },
  {
    title: 'is silent about a source that failed for six minutes and is well',
    alert: 'RegcredSourceFailing',
    series: { [registries('serving')]: '1x60', [registries('kept')]: '0x9 1x11 0x40' },
    at: { '9m': [], '12m': [], '15m': [] },
  },
  {
    title: 'is silent about a source that fails for a moment, again and again',
    alert: 'RegcredSourceFailing',
    series: { [registries('serving')]: '1x60', [registries('kept')]: '1 0x7 1 0x7 1 0x7 1 0x7 1 0x7 1 0x7' },
    at: { '11m': [], '20m': [] },
  },
  {
    title: 'does not begin anew when another replica takes over',
    alert: 'RegcredSourceFailing',
    series: { [registries('kept')]: '1x16 stale', [registries('kept', ofOther)]: '_x20 1x40' },
    at: { '9m': [], '11m': [failing], '20m': [failing] },
  },
  {
    title: 'fires after ten minutes in which a registry rejects a login, and ends when it takes one',
    alert: 'RegcredLoginRejected',
    series: {
      [logins('rejected')]: '0x10 1x60 0x40',
      [logins('verified')]: '0x70 1x40',
      [of('regcred_verification', 'credential="well",result="verified"')]: '3x110',
    },
    at: { '14m': [], '16m': [rejected], '37m': [] },
  },
  {
    title: 'is silent about a login that was rejected for six minutes',
    alert: 'RegcredLoginRejected',
    series: { [logins('rejected')]: '0x9 1x11 0x40', [logins('verified')]: '1x9 0x11 1x40' },
    at: { '9m': [], '12m': [], '15m': [] },
  },
  {
    title: 'fires when a registry takes the login and does not give the image',
    alert: 'RegcredLoginRejected',
    series: { [logins('verified')]: '1x40', [logins('denied')]: '1x40' },
    at: { '9m': [], '11m': [rejected] },
  },
  {
    title: 'is silent about registries that cannot be asked',
    alert: 'RegcredLoginRejected',
    series: { [logins('verified')]: '2x60', [logins('inconclusive')]: '5x60' },
    at: { '11m': [], '29m': [] },
  },
  {
    title: 'does not begin anew when another replica takes over',
    alert: 'RegcredLoginRejected',
    series: { [logins('rejected')]: '1x16 stale', [logins('rejected', ofOther)]: '_x20 1x40' },
    at: { '9m': [], '11m': [rejected], '20m': [rejected] },
  },
  {
    title: 'fires after ten minutes of failing namespaces, and not for those of another RegistryCredential',
    alert: 'RegcredNamespacesFailing',
    series: {
      [namespaces('failed')]: '0x10 3x40 0x40',
      [namespaces('synced')]: '9x100',
      [of('regcred_namespaces', 'credential="well",state="failed"')]: '0x100',
    },
    at: { '12m': [], '17m': [without], '40m': [] },
  },
  {
    title: 'is silent about namespaces that fail for a moment, again and again',
    alert: 'RegcredNamespacesFailing',
    series: { [namespaces('failed')]: '0x4 3x3 0x4 3x3 0x4 3x3 0x4 3x3 0x4 3x3' },
    at: { '12m': [], '16m': [], '20m': [] },
  },
  {
    title: 'does not begin anew when another replica takes over, and counts no namespace twice',
    alert: 'RegcredNamespacesFailing',
    series: {
      [namespaces('failed')]: '3x16 stale',
      [namespaces('failed', ofOther)]: '_x16 0x2 3x40',
    },
    at: { '9m': [], '11m': [without], '20m': [without] },
  },
];
