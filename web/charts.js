// Pictures of figures: bars and curves, drawn as SVG, each with its figures as text for those who
// cannot see it.
import { el, svg } from './dom.js';

/**
 * How often each value comes, the most frequent first.
 * @param {string} title @param {Record<string, number>} counts @param {string} others @param {number} [most]
 */
export function bars(title, counts, others, most = 8) {
  const { '…': uncounted = 0, ...counted } = counts;  // what the server has summed up
  const sorted = Object.entries(counted).sort((a, b) => b[1] - a[1]);
  const shown = sorted.slice(0, most);
  const rest = sorted.slice(most).reduce((sum, one) => sum + one[1], uncounted);
  if (rest > 0) shown.push([others, rest]);
  const largest = Math.max(1, ...shown.map((one) => one[1]));
  const height = shown.length * 22 + 4;
  const rows = shown.flatMap(([name, count], i) => [
    svg('text', { x: 132, y: i * 22 + 16, class: 'label', 'text-anchor': 'end' }, name.replaceAll('-', ' ') || '–'),
    svg('rect', { x: 140, y: i * 22 + 4, width: Math.max(1, 130 * count / largest), height: 15, rx: 2, class: 'bar' }),
    svg('text', { x: 146 + 130 * count / largest, y: i * 22 + 16, class: 'count' }, String(count)),
  ]);
  const told = shown.map(([name, count]) => `${name} ${count}`).join(', ');
  return el('figure', { class: 'chart' }, el('figcaption', {}, title),
    svg('svg', { viewBox: `0 0 320 ${height}`, role: 'img', 'aria-label': `${title}: ${told}` }, ...rows));
}

/**
 * A share as a ring.
 * @param {string} title @param {number} part @param {number} all
 */
export function ring(title, part, all) {
  const share = all > 0 ? part / all : 0;
  const length = 2 * Math.PI * 40;
  return el('figure', { class: 'chart ring' }, el('figcaption', {}, title),
    svg('svg', { viewBox: '0 0 110 110', role: 'img', 'aria-label': `${title}: ${part} / ${all}` },
      svg('circle', { cx: 55, cy: 55, r: 40, class: 'ground' }),
      svg('circle', { cx: 55, cy: 55, r: 40, class: 'share', 'stroke-dasharray': `${share * length} ${length}`,
        transform: 'rotate(-90 55 55)' }),
      svg('text', { x: 55, y: 60, class: 'middle', 'text-anchor': 'middle' }, `${Math.round(share * 100)} %`)));
}

const kWide = 460, kHigh = 250, kLeft = 44, kBottom = 38, kTop = 10;

/**
 * Curves over epochs. @param {string} title
 * @param {{name: string, points: [number, number][]}[]} curves @param {string} across
 */
export function curves(title, curves, across) {
  const points = curves.flatMap((curve) => curve.points);
  const last = Math.max(1, ...points.map((point) => point[0]));
  const least = Math.min(...points.map((point) => point[1])), most = Math.max(...points.map((point) => point[1]));
  const room = Math.max(0.1, (most - least) * 1.1);
  const x = (/** @type {number} */ epoch) => kLeft + (kWide - kLeft - 10) * epoch / last;
  const y = (/** @type {number} */ value) => kTop + (kHigh - kTop - kBottom) * (1 - (value - least + room * 0.04) / room);
  const told = curves.map((curve) => `${curve.name} ${curve.points.map((one) => one[1].toFixed(2)).join(', ')}`);
  const drawn = points.length === 0 ? [] : [...grid(least, most, last, x, y),
    ...curves.flatMap((curve, i) => line(curve, i, x, y))];
  return el('figure', { class: 'chart wide' }, el('figcaption', {}, title, legend(curves)),
    svg('svg', { viewBox: `0 0 ${kWide} ${kHigh}`, role: 'img', 'aria-label': `${title}: ${told.join('; ')}` },
      ...drawn, svg('text', { x: kWide - 10, y: kHigh - 4, class: 'label', 'text-anchor': 'end' }, across)));
}

/** @param {{name: string}[]} curves */
function legend(curves) {
  return el('span', { class: 'legend' }, ...curves.map((curve, i) => el('span', { class: `key curve-${i}` }, curve.name)));
}

/** @param {{points: [number, number][]}} curve @param {number} i @param {(v: number) => number} x @param {(v: number) => number} y */
function line(curve, i, x, y) {
  if (curve.points.length === 0) return [];
  const path = curve.points.map(([epoch, value], j) => `${j ? 'L' : 'M'}${x(epoch).toFixed(1)} ${y(value).toFixed(1)}`).join('');
  const [epoch, value] = curve.points[curve.points.length - 1];
  return [svg('path', { d: path, class: `curve curve-${i}` }),
    svg('circle', { cx: x(epoch), cy: y(value), r: 3.5, class: `dot curve-${i}` })];
}

/** @param {number} least @param {number} most @param {number} last @param {(v: number) => number} x @param {(v: number) => number} y */
function grid(least, most, last, x, y) {
  const step = 10 ** Math.floor(Math.log10(Math.max(0.1, most - least)));
  const every = (most - least) / step > 5 ? step * 2 : (most - least) / step > 2 ? step : step / 2;
  const lines = [];
  for (let value = Math.ceil(least / every) * every; value <= most + 1e-9; value += every) {
    lines.push(svg('path', { d: `M${kLeft} ${y(value)}H${kWide - 10}`, class: 'gridline' }),
      svg('text', { x: kLeft - 6, y: y(value) + 4, class: 'label', 'text-anchor': 'end' }, String(+value.toFixed(2))));
  }
  const epochs = Math.max(1, Math.ceil(last / 8));
  for (let epoch = epochs; epoch <= last; epoch += epochs) {
    lines.push(svg('text', { x: x(epoch), y: kHigh - 22, class: 'label', 'text-anchor': 'middle' }, String(epoch)));
  }
  return lines;
}
