// Requests of all kinds, and what the command line composes of each.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const kKinds = JSON.parse(readFileSync(new URL('../support/requests.json', import.meta.url), 'utf8'));

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
