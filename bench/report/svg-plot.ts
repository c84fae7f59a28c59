// A small plot as SVG: some series of points over a logarithmic axis, each with the range it was seen in. Pure, and
// without anything to install: the file is text that a review can read.

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly least: number;
  readonly most: number;
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

export interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
}

const [WIDTH, HEIGHT] = [640, 360];
const FRAME = { left: 70, right: 20, top: 44, bottom: 52 };
/** Told apart also by those who see no difference between red and green. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'];
/** The axis begins and ends a little beyond the outermost points. */
const MARGIN = 1.25;

type Scale = (value: number) => number;

export function svgOf({ title, x, y, series }: Plot): string {
  const points = series.flatMap(each => each.points);
  const xs = [...new Set(points.map(point => point.x))].toSorted((a, b) => a - b);
  const step = stepOf(Math.max(1e-9, ...points.map(({ most }) => most)));
  const top = step * Math.max(1, Math.ceil(Math.max(0, ...points.map(({ most }) => most)) / step));
  const across = logarithmic(Math.min(...xs) / MARGIN, Math.max(...xs) * MARGIN);
  const up: Scale = value => HEIGHT - FRAME.bottom - (value / top) * (HEIGHT - FRAME.top - FRAME.bottom);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="12" fill="#222">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(FRAME.left, 18, title, 'font-size="14"'),
    ...steps(top, step).map(value => horizontal(value, up)),
    ...xs.map(value =>
      text(across(value), HEIGHT - FRAME.bottom + 18, grouped(value), 'text-anchor="middle"'),
    ),
    text((FRAME.left + WIDTH - FRAME.right) / 2, HEIGHT - 12, x, 'text-anchor="middle"'),
    text(16, (HEIGHT - FRAME.bottom + FRAME.top) / 2, y, `text-anchor="middle" ${turned}`),
    ...series.flatMap((each, index) => drawn(each, index, across, up)),
    '</svg>',
    '',
  ].join('\n');
}

const turned = `transform="rotate(-90 16 ${(HEIGHT - FRAME.bottom + FRAME.top) / 2})"`;

function drawn({ name, points }: Series, index: number, across: Scale, up: Scale): string[] {
  const colour = COLOURS[index % COLOURS.length] ?? '#000';
  const sorted = points.toSorted((a, b) => a.x - b.x);
  const line = sorted.map(({ x, y }) => `${short(across(x))},${short(up(y))}`).join(' ');
  const legend = { x: FRAME.left + index * 140, y: 34 };
  return [
    `<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...sorted.flatMap(({ x, y, least, most }) => [
      `<path d="M${short(across(x))} ${short(up(least))}V${short(up(most))}" stroke="${colour}" stroke-opacity="0.5" stroke-width="4"/>`,
      `<circle cx="${short(across(x))}" cy="${short(up(y))}" r="3.5" fill="${colour}"/>`,
    ]),
    `<rect x="${legend.x}" y="${legend.y - 9}" width="10" height="10" fill="${colour}"/>`,
    text(legend.x + 15, legend.y, name, ''),
  ];
}

const horizontal = (value: number, up: Scale): string =>
  [
    `<path d="M${FRAME.left} ${short(up(value))}H${WIDTH - FRAME.right}" stroke="#ccc"/>`,
    text(FRAME.left - 8, up(value) + 4, grouped(value), 'text-anchor="end"'),
  ].join('\n');

/** A step of 1, 2 or 5 times a power of ten, of which four to ten fit. */
function stepOf(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  const times = most / power;
  return power * (times > 5 ? 1 : times > 2 ? 0.5 : 0.2);
}

const steps = (top: number, step: number): number[] =>
  Array.from({ length: Math.round(top / step) + 1 }, (_, index) => Number((index * step).toPrecision(6)));

const logarithmic =
  (least: number, most: number): Scale =>
  value =>
    FRAME.left + (Math.log(value / least) / Math.log(most / least)) * (WIDTH - FRAME.left - FRAME.right);

const text = (x: number, y: number, words: string, attributes: string): string =>
  `<text x="${short(x)}" y="${short(y)}"${attributes === '' ? '' : ` ${attributes}`}>${escaped(words)}</text>`;

/** Without the digits that would change with every rounding. */
const short = (value: number): string => String(Math.round(value * 10) / 10);

const grouped = (value: number): string => value.toLocaleString('en-US');

const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
