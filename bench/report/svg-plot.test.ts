import { expect } from 'chai';
import { type Plot, svgOf } from './svg-plot.ts';

const point = (x: number, y: number) => ({ x, y, least: y, most: y });
const plot = (series: Plot['series']): Plot => ({
  title: 'Cold & <fast>',
  x: 'namespaces',
  y: 'seconds',
  series,
});

/** Centres of the circles. */
const circles = (svg: string): [number, number][] =>
  [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
const labels = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text = '']) => text);

describe('a plot', () => {
  it('puts what is ten times as many as far to the right as the ten times before', () => {
    const svg = svgOf(
      plot([{ name: 'operator', points: [point(100, 1), point(1000, 2), point(10_000, 3)] }]),
    );
    const [first = 0, second = 0, third = 0] = circles(svg).map(([x]) => x);
    expect(second - first).to.be.greaterThan(50);
    expect(third - second).to.be.closeTo(second - first, 0.2);
  });

  it('is twice as high where the value is twice as much, and begins at nothing', () => {
    const svg = svgOf(plot([{ name: 'operator', points: [point(1, 0), point(2, 10), point(3, 20)] }]));
    const [none = 0, half = 0, all = 0] = circles(svg).map(([, y]) => y);
    expect(none - all).to.be.closeTo(2 * (none - half), 0.2);
    expect(none - half).to.be.greaterThan(50);
  });

  it('shows in which range each point was seen', () => {
    const svg = svgOf(plot([{ name: 'operator', points: [{ x: 10, y: 4, least: 2, most: 10 }] }]));
    const [, x, from, to] = /<path d="M([\d.]+) ([\d.]+)V([\d.]+)" stroke="#0072b2"/.exec(svg) ?? [];
    const [[cx, cy] = [0, 0]] = circles(svg);
    expect(Number(x)).to.equal(cx);
    expect(Number(from) - cy).to.be.closeTo((cy - Number(to)) / 3, 0.2);
  });

  it('names axes, sizes, steps and series', () => {
    const points = [point(1000, 3.2), point(10_000, 31)];
    const all = labels(
      svgOf(
        plot([
          { name: 'operator', points },
          { name: 'floor', points: [] },
        ]),
      ),
    );
    expect(all).to.include.members(['namespaces', 'seconds', '1,000', '10,000', 'operator', 'floor']);
    expect(all).to.include.members(['0', '5', '10', '35']);
  });

  it('keeps what is written on it from being taken for markup', () => {
    expect(svgOf(plot([{ name: 'a', points: [point(1, 1)] }]))).to.include('Cold &amp; &lt;fast&gt;');
  });
});
