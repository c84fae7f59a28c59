// Rows of the alert that a RegistryCredential is not Ready, for no reason that has an alert of its own.

import type { AlertRow, Firing } from './alert-rows.ts';
import { follows, namespaces, of, ofOther, ready, registries, TEAM } from './alert-series.ts';

const NOT_READY = ready('team', 'False');

const notReady: Firing = {
  labels: { credential: 'team' },
  summary: 'The RegistryCredential team is not Ready.',
  description:
    'Its sources give logins and no namespace refuses them: its spec cannot be obeyed, its undo does not come to an end, or the API server refuses it. Its status says which.',
};

export const NOT_READY_ROWS: readonly AlertRow[] = [
  {
    title: 'fires after a quarter of an hour, and not for another RegistryCredential',
    alert: 'RegcredNotReady',
    series: {
      [NOT_READY]: '0x10 1x80 0x40',
      [ready('well', 'False')]: '0x140',
      [registries('serving')]: '2x140',
      [namespaces('failed')]: '0x140',
      [follows('namespaces')]: '1x140',
    },
    at: { '20m': [], '22m': [notReady], '50m': [] },
  },
  {
    title: 'is silent about roll-outs that come again and again, and about one that is suspended',
    alert: 'RegcredNotReady',
    series: {
      [NOT_READY]: '1 0x8 1 0x8 1 0x8 1 0x8 1 0x8 1 0x8',
      [ready('held', 'False')]: '0x60',
      [ready('held', 'Unknown')]: '1x60',
    },
    at: { '16m': [], '29m': [] },
  },
  {
    title: 'is silent about one that is undone, and whose series have ended though others keep it',
    alert: 'RegcredNotReady',
    series: {
      [NOT_READY]: '1x16 stale',
      [namespaces('failed')]: '0x16 stale',
      [ready('well', 'False')]: '0x60',
    },
    at: { '14m': [], '16m': [], '20m': [], '29m': [] },
  },
  {
    title: 'is silent where another alert says that sources or namespaces fail',
    alert: 'RegcredNotReady',
    series: {
      [NOT_READY]: '1x60',
      [registries('failed')]: '1x60',
      [ready('refused', 'False')]: '1x60',
      [of('regcred_namespaces', 'credential="refused",state="failed"')]: '2x60',
    },
    at: { '16m': [], '29m': [] },
  },
  {
    title: 'is silent where another alert says that a watch fails, of every replica',
    alert: 'RegcredNotReady',
    series: {
      [NOT_READY]: '1x60',
      [follows('namespaces')]: '1x60',
      [follows('serviceaccounts')]: '0x60',
      [follows('serviceaccounts', ofOther)]: '0x60',
    },
    at: { '16m': [], '29m': [] },
  },
  {
    title: 'fires beside a replica that can watch nothing, while another leads',
    alert: 'RegcredNotReady',
    series: {
      [NOT_READY]: '1x60',
      [follows('namespaces')]: '1x60',
      [follows('namespaces', ofOther)]: '0x60',
    },
    at: { '14m': [], '16m': [notReady] },
  },
  {
    title: 'does not begin anew when a replica starts, which follows nothing at its first scrape',
    alert: 'RegcredNotReady',
    series: {
      [NOT_READY]: '1x80',
      [follows('namespaces')]: '1x80',
      [follows('namespaces', ofOther)]: '_x24 0 1x50',
    },
    at: { '14m': [], '16m': [notReady], '20m': [notReady] },
  },
  {
    title: 'does not begin anew when another replica takes over',
    alert: 'RegcredNotReady',
    series: {
      [NOT_READY]: '1x20 stale',
      [ofOther('regcred_ready', `${TEAM},status="False"`)]: '_x25 1x60',
    },
    at: { '14m': [], '16m': [notReady], '30m': [notReady] },
  },
];
