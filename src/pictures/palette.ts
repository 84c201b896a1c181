// Colours of pictures: blue below zero, orange above, which people of any colour sight tell apart, on light and on dark ground.

/** Steps of colour on each side of zero. */
export const levels = 7;

type Colour = readonly [red: number, green: number, blue: number];

interface Scheme {
  readonly ground: string;
  readonly ink: string;
  readonly soft: string;
  readonly grid: string;
  readonly zero: Colour;
  /** From next to zero to the largest magnitude. */
  readonly below: readonly [Colour, Colour, Colour];
  readonly above: readonly [Colour, Colour, Colour];
}

const light: Scheme = {
  ground: '#ffffff',
  ink: '#1d2329',
  soft: '#59636e',
  grid: '#e1e5ea',
  zero: [244, 245, 246],
  below: [
    [219, 232, 246],
    [86, 149, 212],
    [8, 58, 120],
  ],
  above: [
    [252, 230, 210],
    [232, 139, 54],
    [128, 46, 4],
  ],
};

const dark: Scheme = {
  ground: '#171b20',
  ink: '#e6e9ed',
  soft: '#a2acb8',
  grid: '#313943',
  zero: [33, 38, 45],
  below: [
    [31, 46, 66],
    [58, 122, 188],
    [158, 208, 255],
  ],
  above: [
    [60, 45, 33],
    [194, 108, 34],
    [255, 196, 128],
  ],
};

/** The class of a value's colour: `z`, `b1` … `b7` below zero, `a1` … `a7` above. */
export function levelClass(level: number): string {
  return level === 0 ? 'z' : level < 0 ? `b${-level}` : `a${level}`;
}

/** Which step of colour a finite value has where `range` is the largest magnitude: 0 for zero alone. */
export function levelOf(value: number, range: number): number {
  if (value === 0 || !(range > 0)) return 0;
  const level = Math.min(levels, Math.max(1, Math.ceil((Math.abs(value) / range) * levels)));
  return value < 0 ? -level : level;
}

/** Custom properties of a scheme. */
function properties({ ground, ink, soft, grid, zero, below, above }: Scheme): string {
  const side = (letter: string, [from, middle, to]: Scheme['below']) =>
    Array.from({ length: levels }, (_, i) => {
      const place = (2 * i) / (levels - 1);
      return `--hg-${letter}${i + 1}:${place <= 1 ? mixed(from, middle, place) : mixed(middle, to, place - 1)}`;
    }).join(';');
  return `--hg-ground:${ground};--hg-ink:${ink};--hg-soft:${soft};--hg-grid:${grid};--hg-z:${mixed(zero, zero, 0)};${side('b', below)};${side('a', above)}`;
}

function mixed(a: Colour, b: Colour, share: number): string {
  return `#${a
    .map((x, i) =>
      Math.round(x + (b[i]! - x) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

const steps = Array.from({ length: levels }, (_, i) => [`b${i + 1}`, `a${i + 1}`]).flat();

/** Paper is light, whatever the screen is. */
const printed = `@media print{svg,.hg-pictures{${properties(light)}}}`;

/** The style of every picture; custom properties stand on each `svg`, or on what has the class `hg-pictures` around them. */
export const pictureStyle: string = [
  `svg,.hg-pictures{${properties(light)}}`,
  `@media(prefers-color-scheme:dark){svg,.hg-pictures{${properties(dark)}}}`,
  printed,
  ...['z', ...steps].map((name) => `.hg-${name}{stroke:var(--hg-${name})}`),
  '.hg-cells path{fill:none;shape-rendering:crispEdges}',
  '.hg-cells .hg-off{fill:var(--hg-ground);stroke:var(--hg-ink);stroke-width:.14;shape-rendering:auto}',
  '.hg-ground{fill:var(--hg-ground)}',
  '.hg-text{font:12px system-ui,sans-serif;fill:var(--hg-ink)}.hg-soft{fill:var(--hg-soft)}',
  '.hg-head{font-weight:600;font-size:13px}',
  '.hg-grid{stroke:var(--hg-grid);fill:none}.hg-axis{stroke:var(--hg-soft);fill:none}',
  '.hg-bar{fill:var(--hg-b4)}.hg-outline{fill:none;stroke:var(--hg-a6);stroke-width:1.5}',
  '.hg-line0,.hg-line1,.hg-line2,.hg-line3{fill:none;stroke-width:1.8;stroke-linejoin:round}',
  '.hg-line0{stroke:var(--hg-b5)}.hg-line1{stroke:var(--hg-a5);stroke-dasharray:6 3}',
  '.hg-line2{stroke:var(--hg-ink);stroke-dasharray:2 3}.hg-line3{stroke:var(--hg-soft);stroke-dasharray:9 3 2 3}',
].join('');
