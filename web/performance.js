// What the tune on top sounds like: asked for once a text.
import * as api from './api.js';
import { name_of } from './abc.js';

/** @typedef {import('./schedule.js').Performance} Performance */

const kMost = 24;
/** @type {Map<any, Promise<Performance>>} */
const known = new Map();

/** @param {string} abc @returns {Promise<Performance>} */
export function performance_of(abc) {
  let coming = known.get(abc);
  if (!coming) {
    coming = api.notes(abc);
    coming.catch(() => known.delete(abc));
    known.set(abc, coming);
    if (known.size > kMost) known.delete(known.keys().next().value);
  }
  return coming;
}

/** Its lowest and highest melody notes. @param {Performance} performance */
export function range_of(performance) {
  const pitches = performance.notes.filter((one) => one.part === 'melody').map((one) => one.pitch);
  return { low: Math.min(...pitches), high: Math.max(...pitches) };
}

/** The melody notes that an instrument does not have, by their places in the text. */
export function outside(/** @type {Performance} */ performance,
                        /** @type {{low: number, high: number}} */ range) {
  return performance.notes.filter((note) => note.part === 'melody' &&
    (note.pitch < range.low || note.pitch > range.high));
}

/**
 * By how many semitones a tune moves into a range: least far, octaves first, then keys near by.
 * Nothing if it does not fit at all.
 */
export function shift_into(/** @type {Performance} */ performance,
                           /** @type {{low: number, high: number}} */ range) {
  const { low, high } = range_of(performance);
  const strangeness = (/** @type {number} */ shift) =>
    [0, 5, 2, 3, 4, 5, 6, 1, 4, 3, 2, 5][((shift % 12) + 12) % 12] + Math.abs(shift) / 12;
  let best;
  for (let shift = -36; shift <= 36; ++shift) {
    if (low + shift < range.low || high + shift > range.high) continue;
    if (best === undefined || strangeness(shift) < strangeness(best)) best = shift;
  }
  return best;
}

/** @param {{low: number, high: number}} range */
export const range_text = ({ low, high }) => `${name_of(low)}–${name_of(high)}`;
