// Undo and redo of everything: each thing done says how it is taken back, in data that the window
// remembers when it is loaded again.
import { settled } from './dom.js';
import { recall_own, remember_own } from './storage.js';

/**
 * `does` names who takes it back and does it again, given `undo` or `redo`.
 * @typedef {{label: string, does: string, undo: any, redo: any}} Deed
 */

const kMost = 500, kMostRemembered = 100;
const remembered = recall_own('deeds', { done: [], undone: [] });
/** @type {Deed[]} */ let done = remembered.done;
/** @type {Deed[]} */ let undone = remembered.undone;
/** @type {(() => void)[]} */ const listeners = [];
/** @type {Record<string, (details: any, way: 'undo'|'redo') => any>} */ const doers = {};
let is_busy = false;

const save = () => remember_own('deeds', { done: done.slice(-kMostRemembered), undone: undone.slice(-kMostRemembered) });
const save_soon = settled(300, save);
addEventListener('pagehide', save);

function changed() {
  save_soon();
  listeners.forEach((listener) => listener());
}

/** Who takes back deeds of this name. @param {string} name @param {(details: any, way: 'undo'|'redo') => any} does */
export function can(name, does) {
  doers[name] = does;
}

/** Something that has been done. @param {Deed} deed */
export function did(deed) {
  done.push(deed);
  if (done.length > kMost) done.shift();
  undone = [];
  changed();
}

/** The last thing done, so that typing on can become part of it. */
export const last_deed = () => (undone.length === 0 ? done[done.length - 1] : undefined);

/** A deed has gone on. @param {Deed} deed @param {any} redo */
export function went_on(deed, redo) {
  deed.redo = redo;
  changed();
}

export const undo = () => step(done, undone, 'undo');
export const redo = () => step(undone, done, 'redo');

/** @param {Deed[]} from @param {Deed[]} to @param {'undo'|'redo'} way */
async function step(from, to, way) {
  const deed = from[from.length - 1];
  if (!deed || is_busy) return undefined;
  is_busy = true;
  try {
    await doers[deed.does](deed[way], way);
    from.pop();
    to.push(deed);
  } finally {
    is_busy = false;
    changed();
  }
  return deed.label;
}

/** What undo and redo would do now. */
export const next_undo = () => done[done.length - 1]?.label;
export const next_redo = () => undone[undone.length - 1]?.label;

/** @param {() => void} listener */
export const on_undo_change = (listener) => listeners.push(listener);
