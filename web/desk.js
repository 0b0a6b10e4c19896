// The tunes that lie on the desk, one of them on top; what of it is selected. Everything that shows
// the tune listens here, and everything that changes it says so here.
import { can, did, last_deed, went_on } from './undo.js';
import { recall, remember } from './storage.js';
import { settled } from './dom.js';

/**
 * A step of what a tune came from: `what` is a word of words.steps, the rest its details.
 * @typedef {{what: string, [detail: string]: any}} Step
 * @typedef {{id: string, revision: number, saved: string}} Kept  where it lies in the tune book
 * @typedef {{number: number, abc: string, steps: Step[], facts?: any, kept?: Kept}} Tune
 * @typedef {{from: number, to: number, by: string}} Selection  places in the text; by whom
 */

const kMost = 200;
const remembered = recall('desk', { tunes: [], at: -1, next: 1 });
/** @type {Tune[]} */ const tunes = remembered.tunes;
let at = Math.min(remembered.at, tunes.length - 1);
let next_number = remembered.next;
/** @type {Selection} */ let selection = { from: 0, to: 0, by: 'desk' };
/** @type {Record<string, ((detail?: any) => void)[]>} */ const listeners = {};

/**
 * Events: `tune` another one is on top, or it was changed by other means than typing; `typed`;
 * `selection`; `kept` its place in the book.
 * @param {'tune'|'typed'|'selection'|'kept'} event @param {(detail?: any) => void} listener
 */
export function listen(event, listener) {
  (listeners[event] ??= []).push(listener);
}

/** @param {string} event @param {any} [detail] */
function tell(event, detail) {
  for (const listener of listeners[event] ?? []) listener(detail);
}

const save = settled(300, () => remember('desk', { tunes, at, next: next_number }));
addEventListener('pagehide', () => remember('desk', { tunes, at, next: next_number }));

/** @returns {Tune | undefined} */
export const current = () => tunes[at];
export const abc = () => tunes[at]?.abc ?? '';
export const selected = () => selection;
export const has_selection = () => selection.to > selection.from;
export const can_go_back = () => at > 0;
export const can_go_forward = () => at < tunes.length - 1;
/** @param {number} number */
export const has_tune = (number) => tunes.some((tune) => tune.number === number);

/**
 * A new tune on top. Nothing that lies there goes.
 * @param {{abc: string, steps: Step[], facts?: any, kept?: Kept}} tune @param {string} label
 */
export function put(tune, label) {
  const before = current()?.number;
  const number = next_number++;
  tunes.push({ ...tune, number });
  if (tunes.length > kMost) tunes.shift();
  show(number);
  if (before !== undefined) {
    did({ label, does: 'show', undo: before, redo: number });
  }
  return number;
}

/** Puts the tune of this number on top. @param {number} number */
export function show(number) {
  const place = tunes.findIndex((tune) => tune.number === number);
  if (place < 0) return;
  at = place;
  selection = { from: 0, to: 0, by: 'desk' };
  save();
  tell('tune');
  tell('selection');
}

export const go_back = () => can_go_back() && show(tunes[at - 1].number);
export const go_forward = () => can_go_forward() && show(tunes[at + 1].number);

/**
 * Changes the tune on top, so that it can be taken back.
 * @param {string} text @param {Step | undefined} step @param {string} label
 */
export function change(text, step, label) {
  const tune = current();
  if (!tune || tune.abc === text) return;
  const { number } = tune;
  const before = { number, abc: tune.abc, steps: tune.steps };
  const after = { number, abc: text, steps: step ? [...tune.steps, step] : tune.steps };
  replace(after);
  did({ label, does: 'text', undo: before, redo: after });
}

/** @param {{number: number, abc: string, steps: Step[]}} by */
function replace(by) {
  const tune = tunes.find((one) => one.number === by.number);
  if (!tune) return;
  Object.assign(tune, by);
  show(by.number);
}

can('show', show);
can('text', replace);

/** @type {{deed: any, until: number} | undefined} */ let typing;

/** What the person has typed: pauses part it into deeds. @param {string} text @param {string} label */
export function type(text, label) {
  const tune = current();
  if (!tune) {
    put({ abc: text, steps: [{ what: 'typed' }] }, label);
    return;
  }
  if (tune.abc === text) return;
  const { number } = tune;
  const before = { number, abc: tune.abc, steps: tune.steps };
  tune.abc = text;
  if (tune.steps.at(-1)?.what !== 'typed') tune.steps = [...tune.steps, { what: 'typed' }];
  const after = { number, abc: text, steps: tune.steps };
  if (typing && typing.deed === last_deed() && Date.now() < typing.until) {
    went_on(typing.deed, after);
    typing.until = Date.now() + 1000;
  } else {
    const deed = { label, does: 'text', undo: before, redo: after };
    did(deed);
    typing = { deed, until: Date.now() + 1000 };
  }
  save();
  tell('typed');
}

/** Where the tune on top now lies in the book, or nowhere. @param {Kept | undefined} kept */
export function keep(kept, number = current()?.number) {
  const tune = tunes.find((one) => one.number === number);
  if (!tune) return;
  tune.kept = kept;
  save();
  tell('kept');
}

/** @param {number} from @param {number} to @param {string} by */
export function select(from, to, by) {
  if (from === selection.from && to === selection.to) return;
  selection = { from, to, by };
  tell('selection');
}
