// What is told of the replica itself: which version it is, whether it leads, and whether it follows the cluster.

import { Gauge, type Registry } from 'prom-client';
import { countersOf } from './series.ts';

export interface WatchMetrics {
  failed(): void;
}

export function buildInfo(register: Registry, version: string): void {
  new Gauge({
    name: 'regcred_build_info',
    help: '1, with the version of the operator.',
    labelNames: ['version'] as const,
    registers: [register],
  }).set({ version }, 1);
}

export function watchMetrics(register: Registry): (name: string, isFollowing: () => boolean) => WatchMetrics {
  const labelNames = ['name'] as const;
  const watches = new Map<string, () => boolean>();
  new Gauge({
    name: 'reflector_following',
    help: '1 while what is watched is known and followed, 0 while it cannot be; all are to be 1.',
    labelNames,
    registers: [register],
    collect() {
      for (const [name, isFollowing] of watches) this.set({ name }, isFollowing() ? 1 : 0);
    },
  });
  const failures = countersOf(register, {
    name: 'reflector_failures_total',
    help: 'Lists and watches that failed: each is begun again.',
    labelNames,
  });
  return (name, isFollowing) => {
    watches.set(name, isFollowing);
    const failed = failures(name);
    return {
      failed: () => {
        failed.value += 1;
      },
    };
  };
}

export function electionMetrics(register: Registry): (name: string, isLeader: () => boolean) => void {
  return (name, isLeader) => {
    new Gauge({
      name: 'leader_election_master_status',
      help: '1 for the replica that leads, 0 for one that stands by: the sum of all is to be 1.',
      labelNames: ['name'] as const,
      registers: [register],
      collect() {
        this.set({ name }, isLeader() ? 1 : 0);
      },
    });
  };
}
