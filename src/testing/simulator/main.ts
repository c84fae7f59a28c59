import { randomSchedule } from './random-schedule.ts';
import { run } from './run.ts';
const from = Number(process.argv[2]), n = Number(process.argv[3] ?? 1);
const began = performance.now();
const rules = new Map<string, number[]>();
for (let seed = from; seed < from + n; seed++) {
  const r = await run(randomSchedule(seed));
  if (r.violation) { const l = rules.get(r.violation.rule) ?? []; l.push(seed); rules.set(r.violation.rule, l); }
  if (n === 1) { console.log(r.trace.join('\n')); console.log(r.violation, r.hash, r.writes, r.time, r.counts); }
}
console.log((performance.now() - began) / n, 'ms a seed');
for (const [k, v] of rules) console.log(v.length, k, v.slice(0, 10).join(' '));
