// Counters and histograms whose series are plain numbers until they are scraped. Those of prom-client put a string together
// of all labels at every count, also where the labelled child is kept: 0.3 and 0.7 µs, several times a request.

import type { Metric, Registry } from 'prom-client';

export interface Definition {
  readonly name: string;
  readonly help: string;
  /** In the order in which their values are given. */
  readonly labelNames: readonly string[];
}

export interface Count {
  value: number;
}

export interface Distribution {
  observe(value: number): void;
}

interface Value {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Gives a series with these values of its labels, from zero on; to be kept by whoever counts. */
export type Series<T> = (...labels: readonly string[]) => T;

export function countersOf(register: Registry, definition: Definition): Series<Count> {
  const { name } = definition;
  const valuesOf = (labels: Value['labels'], { value }: Count): Value[] => [
    { metricName: name, labels, value },
  ];
  return seriesOf(register, definition, 'counter', () => ({ value: 0 }), valuesOf);
}

/** `buckets` are upper bounds, the smallest first. */
export function histogramsOf(
  register: Registry,
  definition: Definition,
  buckets: readonly number[],
): Series<Distribution> {
  const { name } = definition;
  const valuesOf = (labels: Value['labels'], { counts, sum, count }: Buckets): Value[] => {
    const value = (part: string, of: number, le?: number | '+Inf'): Value => ({
      metricName: `${name}_${part}`,
      labels: le === undefined ? labels : { le: String(le), ...labels },
      value: of,
    });
    let below = 0;
    return [
      ...buckets.map((bound, index) => {
        below += counts[index] ?? 0;
        return value('bucket', below, bound);
      }),
      value('bucket', count, '+Inf'),
      value('sum', sum),
      value('count', count),
    ];
  };
  return seriesOf(register, definition, 'histogram', () => new Buckets(buckets), valuesOf);
}

class Buckets implements Distribution {
  readonly #bounds: readonly number[];
  readonly counts: number[];
  sum = 0;
  count = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.counts = bounds.map(() => 0);
  }

  observe(value: number): void {
    this.sum += value;
    this.count += 1;
    let index = 0;
    for (const bound of this.#bounds) {
      if (value <= bound) {
        this.counts[index] = (this.counts[index] ?? 0) + 1;
        return;
      }
      index += 1;
    }
  }
}

function seriesOf<T>(
  register: Registry,
  { name, help, labelNames }: Definition,
  type: 'counter' | 'histogram',
  create: () => T,
  valuesOf: (labels: Value['labels'], series: T) => Value[],
): Series<T> {
  const all = new Map<string, readonly [Value['labels'], T]>();
  const get = async () => ({
    ...{ name, help, type, aggregator: 'sum' },
    values: [...all.values()].flatMap(([labels, series]) => valuesOf(labels, series)),
  });
  // What a registry asks of a metric is its name, and this at each scrape.
  register.registerMetric({ name, get } as unknown as Metric);
  return (...labels) => {
    const key = JSON.stringify(labels);
    const known = all.get(key);
    if (known !== undefined) return known[1];
    const series = create();
    all.set(key, [
      Object.fromEntries(labelNames.map((label, index) => [label, labels[index] ?? ''])),
      series,
    ]);
    return series;
  };
}

/** Keeps what `create` gives for each key. */
export function perKey<K, T>(create: (key: K) => T): (key: K) => T {
  const all = new Map<K, T>();
  return key => {
    const known = all.get(key);
    if (known !== undefined) return known;
    const made = create(key);
    all.set(key, made);
    return made;
  };
}
