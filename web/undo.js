// Undo and redo of everything: each thing done says how it is taken back.

/** @typedef {{label: string, undo: () => any, redo: () => any}} Deed */

const kMost = 500;
/** @type {Deed[]} */ let done = [];
/** @type {Deed[]} */ let undone = [];
/** @type {(() => void)[]} */ const listeners = [];
let is_busy = false;

const changed = () => listeners.forEach((listener) => listener());

/** Something that has been done. @param {Deed} deed */
export function did(deed) {
  done.push(deed);
  if (done.length > kMost) done.shift();
  undone = [];
  changed();
}

/** The last thing done, so that typing on can become part of it. */
export const last_deed = () => (undone.length === 0 ? done[done.length - 1] : undefined);

export const undo = () => step(done, undone, 'undo');
export const redo = () => step(undone, done, 'redo');

/** @param {Deed[]} from @param {Deed[]} to @param {'undo'|'redo'} way */
async function step(from, to, way) {
  const deed = from[from.length - 1];
  if (!deed || is_busy) return undefined;
  is_busy = true;
  try {
    await deed[way]();
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
