// Requests of all kinds, and what the command line composes of each.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const kTune = 'X:1\nT:The Miller\nR:jig\nM:6/8\nL:1/8\nK:D\n' +
  '"D"FAd "A7"ecA|"D"dfd AFD|"G"GBd "D"dAF|"Em"EGF "A7"ECE|\n' +
  '"D"FAd "A7"ecA|"D"dfd AFD|"G"GBd "A7"cAc|"D"d3 d3|]\n';

const kKinds = [
  {},
  { key: 'D', meter: '6/8', rhythm: 'jig' },
  { key: 'Ador', meter: '4/4', rhythm: 'reel', chords: 'off' },
  { tune: kTune, rewrite: '5-8' },
  { key: 'Eb', meter: '3/4', bars: 16, temperature: 0.8 },
  { form: 'AABA', bars: 24, top_p: 0.9 },
  { key: 'G', meter: '4/4', chords: 'G C D7 G|Em C D7 G' },
  { tune: kTune, continue: true },
  { range: 'whistle', title: 'Ænigma & Søn', key: 'F#m' },
  { meter: '4/4', start: 'G2BG dGBG|', key: 'G' },
  { tune: kTune, harmonise: true },
  { meter: '9/8', best_of: 2, repetition: 1.5 },
  { meter: 'C|', key: 'Amix', top_k: 5, unit: '1/16' },
  { tune: kTune, vary: 50 },
  { dialect: 'nottingham', best_of: 1, bars: 8 },
  { form: "AA'BB'", key: 'Bm', meter: '2/4', rhythm: 'polka' },
  { number: 2, key: 'C', meter: '12/8' },
  { temperature: 0, best_of: 1, key: 'D' },
  { report: true, key: 'Gm' },
  { novel: 20, best_of: 2, meter: '6/8' },
];

/** So many requests, of all kinds in turn, each with a seed of its own. */
export const mixed = (count) =>
  Array.from({ length: count }, (_, i) => ({ seed: 1 + 37 * i, ...kKinds[i % kKinds.length] }));

const option = ([name, value]) => {
  const dashed = `--${name.replaceAll('_', '-')}`;
  return value === true ? [dashed] : [dashed, String(value)];
};

/** What `lilt compose` makes of a request. */
export function composed(lilt, model, { tune, ...request }) {
  const folder = mkdtempSync(join(tmpdir(), 'lilt-js-'));
  try {
    const file = join(folder, 'tune.abc');
    if (tune !== undefined) writeFileSync(file, tune);
    const options = Object.entries(request).flatMap(option);
    const said = execFileSync(lilt, ['compose', ...tune === undefined ? [] : [file], '--json', '--model', model, ...options],
      { encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'pipe'] });
    return JSON.parse(said);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const kOfLikeness = ['longest_run', 'share_known', 'nearest', 'similarity', 'novelty_percentile', 'typicality'];

/** The same pieces: the command line tells likeness whether it is asked or not. */
export function assert_same(pieces, expected, request) {
  const plain = (piece) => request.report ? piece
    : Object.fromEntries(Object.entries(piece).filter(([name]) => !kOfLikeness.includes(name)));
  assert.deepEqual(pieces.map(plain), expected.map(plain), JSON.stringify(request));
}
