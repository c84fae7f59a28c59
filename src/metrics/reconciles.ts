// Reconciles, as controller-runtime counts them.

import type { Registry } from 'prom-client';
import { countersOf, histogramsOf, perKey } from './series.ts';

export interface ReconcileObservation {
  readonly controller: string;
  readonly result: 'success' | 'error' | 'requeue';
  readonly seconds: number;
}

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function reconcileMetrics(register: Registry): (reconcile: ReconcileObservation) => void {
  const total = countersOf(register, {
    name: 'controller_runtime_reconcile_total',
    help: 'Reconciles by controller and result.',
    labelNames: ['controller', 'result'],
  });
  const errors = countersOf(register, {
    name: 'controller_runtime_reconcile_errors_total',
    help: 'Reconciles that failed, by controller.',
    labelNames: ['controller'],
  });
  const time = histogramsOf(
    register,
    {
      name: 'controller_runtime_reconcile_time_seconds',
      help: 'Time that one reconcile took, in seconds.',
      labelNames: ['controller'],
    },
    BUCKETS,
  );
  const byController = perKey((controller: string) => ({
    // Present from the first reconcile on, so that rate() sees the first error.
    errors: errors(controller),
    time: time(controller),
    byResult: perKey((result: string) => total(controller, result)),
  }));
  return ({ controller, result, seconds }) => {
    const of = byController(controller);
    of.byResult(result).value += 1;
    if (result === 'error') of.errors.value += 1;
    of.time.observe(seconds);
  };
}
