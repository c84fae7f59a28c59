// The Grafana dashboard, charts/regcred/files/dashboard.json: the table of panels.ts, laid out.

import type { Panel, Row } from './panels.ts';

const DATASOURCE = { type: 'prometheus', uid: '$datasource' };

/** Grafana's grid has 24 columns. */
const COLUMNS = 24;
const SIZE = { stat: { w: 4, h: 4 }, timeseries: { w: 8, h: 8 } } as const;

export function dashboardOf(rows: readonly Row[]): object {
  return {
    uid: 'regcred',
    title: 'RegistryCredential operator',
    description:
      'Logins for registries: whether they are had, whether they arrive, and how the operator fares.',
    tags: ['regcred', 'kubernetes'],
    schemaVersion: 39,
    editable: true,
    graphTooltip: 1,
    refresh: '1m',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: VARIABLES },
    panels: laidOut(rows),
  };
}

const VARIABLES = [
  { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
  {
    name: 'job',
    label: 'Job',
    type: 'query',
    datasource: DATASOURCE,
    query: { query: 'label_values(regcred_build_info, job)', refId: 'job' },
    // When the time range changes: a new installation is found then.
    refresh: 2,
    includeAll: true,
    multi: true,
    current: { text: 'All', value: '$__all' },
  },
];

function laidOut(rows: readonly Row[]): object[] {
  const panels: object[] = [];
  let y = 0;
  for (const { title, panels: row } of rows) {
    panels.push({ id: panels.length + 1, type: 'row', title, gridPos: { x: 0, y, w: COLUMNS, h: 1 } });
    y += 1;
    let x = 0;
    let height = 0;
    for (const panel of row) {
      const { w, h } = SIZE[panel.type];
      if (x + w > COLUMNS) {
        y += height;
        x = 0;
      }
      panels.push(panelOf(panel, panels.length + 1, { x, y, w, h }));
      x += w;
      height = h;
    }
    y += height;
  }
  return panels;
}

function panelOf({ title, description, type, unit, queries }: Panel, id: number, gridPos: object): object {
  return {
    ...{ id, type, title, description, gridPos, datasource: DATASOURCE },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    options: type === 'stat' ? STAT : SERIES,
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend === '' ? title : legend,
      instant: type === 'stat',
      range: type !== 'stat',
    })),
  };
}

const STAT = { reduceOptions: { calcs: ['lastNotNull'] }, textMode: 'auto', colorMode: 'none' };
const SERIES = { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } };
