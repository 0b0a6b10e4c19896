// The sheet music: drawn by the server, with places of notes and bars, which are clicked, selected by
// mouse and keys, and marked here.
import * as api from './api.js';
import * as desk from './desk.js';
import { el, settled, svg } from './dom.js';
import { complain, say } from './notice.js';
import { words } from './words.js';

/**
 * @typedef {{from: number, to: number, x: number, y: number, w: number, h: number}} Place
 * @typedef {{number: number, from: number, to: number,
 *            rects: Box[]}} Bar
 * @typedef {{x: number, y: number, w: number, h: number}} Box
 * @typedef {{from: number, to: number}} Stretch  places in the text
 * @typedef {{svg: string, notes: Place[], bars: Bar[]}} Score
 */

const kPrepared = 24;  // scores that are kept
const kHarmless = new Set(['http://www.w3.org/2000/svg', 'http://www.w3.org/1999/xlink']);
const kBanned = new Set(['script', 'foreignobject', 'style', 'a', 'image', 'iframe', 'animate', 'set',
  'animatetransform', 'animatemotion', 'handler', 'listener']);

/**
 * A picture from text that is not trusted: only SVG, no scripts, no handlers, no links outside.
 * @param {string} text @returns {SVGSVGElement | null}
 */
export function safe_picture(text) {
  const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  if (root.localName !== 'svg') return null;
  for (const element of [root, ...root.querySelectorAll('*')]) {
    if (kBanned.has(element.localName.toLowerCase()) || !kHarmless.has(element.namespaceURI ?? '')) {
      element.remove();
      continue;
    }
    for (const { name, value } of [...element.attributes]) {
      const plain = name.toLowerCase();
      const leads_away = plain.endsWith('href') && !value.startsWith('#');
      const loads = /url\(\s*['"]?(?!#)/i.test(value);
      if (plain.startsWith('on') || leads_away || loads) element.removeAttribute(name);
    }
  }
  return /** @type {any} */ (document.importNode(root, true));
}

export class ScoreView {
  /** @param {HTMLElement} frame  where it is drawn */
  constructor(frame) {
    this.frame = frame;
    /** @type {Score | undefined} */ this.score = undefined;
    this.shows_chords = true;
    /** @type {Stretch | undefined} */ this.anchor = undefined;  // where a selection began
    /** @type {Stretch | undefined} */ this.head = undefined;    // where it went to last
    /** @type {Place | undefined} */ this.pointed = undefined;   // under the cursor
    /** @type {Set<number>} */ this.marked = new Set();  // places in the text of notes out of range
    this.width = 0;
    /** @type {Map<any, Promise<Score>>} */ this.prepared = new Map();
    this.marks = svg('g', { class: 'marks' });
    this.cursor = svg('rect', { class: 'cursor', rx: 3 });
    frame.addEventListener('pointerdown', (event) => this.press(event));
    frame.addEventListener('pointermove', (event) => this.drag(event));
    frame.addEventListener('keydown', (event) => this.key(event));
    desk.listen('selection', () => this.selected());
    const redraw = settled(150, () => this.fits() || this.draw());
    new ResizeObserver(redraw).observe(frame);
  }

  /** What the server is asked for. @param {string} abc */
  request(abc) {
    return { abc, chords: this.shows_chords, title: false, width: this.room() };
  }

  /** The width that a line may have, in its own pixels: fewer, larger notes on a phone. */
  room() {
    const width = this.frame.clientWidth || 760;
    return Math.round(Math.min(900, Math.max(360, width * (width < 600 ? 1.15 : 1))));
  }

  fits() {
    return this.width === this.room() || this.frame.clientWidth === 0;
  }

  /**
   * The score of a text, asked for once: what is expected to be shown soon can be asked for early.
   * @param {string} abc @returns {Promise<Score>}
   */
  prepare(abc) {
    const asked = this.request(abc);
    const name = JSON.stringify(asked);
    let coming = this.prepared.get(name);
    if (!coming) {
      coming = api.score(asked);
      coming.catch(() => this.prepared.delete(name));
      this.prepared.set(name, coming);
      if (this.prepared.size > kPrepared) this.prepared.delete(this.prepared.keys().next().value);
    }
    return coming;
  }

  /** Draws the tune on top; of several drawings that are asked for only the last one counts. */
  async draw() {
    const abc = desk.abc();
    const turn = (this.turn = {});
    this.frame.setAttribute('aria-busy', 'true');
    if (!abc.trim()) return this.show(undefined, abc);
    try {
      const score = await this.prepare(abc);
      if (this.turn === turn) this.show(score, abc);
    } catch (error) {
      if (this.turn === turn) this.fail(error);
    }
  }

  /** @param {any} error */
  fail(error) {
    this.frame.setAttribute('aria-busy', 'false');
    if (error.status === 422 || error.status === 400) {
      this.frame.classList.add('stale');
      this.problem?.(error.message);
    } else {
      complain(error);
    }
  }

  /** @type {((message: string) => void) | undefined} */ problem;

  /** Puts a score into the page in one go. @param {Score | undefined} score @param {string} abc */
  show(score, abc) {
    const is_there = score !== undefined && score === this.score;  // who points at it is not disturbed
    this.score = score;
    this.abc = abc;
    this.width = this.room();
    this.frame.setAttribute('aria-busy', 'false');
    this.frame.classList.remove('stale');
    this.problem?.('');
    if (is_there) return this.mark();
    const picture = score && safe_picture(score.svg);
    if (!score || !picture) {
      this.frame.replaceChildren();
      return;
    }
    fill_frame(picture);
    picture.prepend(bars_of(score), this.marks, this.cursor);
    this.cursor.setAttribute('visibility', 'hidden');
    this.frame.replaceChildren(picture);
    this.picture = picture;
    this.mark();
  }

  /** Marks what is selected and what is out of range. */
  mark() {
    if (!this.score) return;
    const { from, to } = desk.selected();
    const caret = from === to && from > 0 && this.score.notes.find((one) => one.from <= from && one.to > from);
    const rects = to > from ? this.bands(from, to) : caret ? [rect_of(caret, 'selected')] : [];
    for (const note of this.score.notes) {
      if (this.marked.has(note.from)) rects.push(rect_of(note, 'outside'));
    }
    this.marks.replaceChildren(...rects);
  }

  /** What is selected, as a band in each bar. @param {number} from @param {number} to */
  bands(from, to) {
    const bands = [];
    for (const bar of this.selected_bars()) {
      const notes = (this.score?.notes ?? []).filter((note) => note.from >= bar.from && note.to <= bar.to);
      const inside = notes.filter((note) => note.from < to && note.to > from);
      if (inside.length === notes.length) bands.push(...bar.rects.map((box) => mark_of(box, 'selected')));
      else for (const note of inside) bands.push(mark_of(column(note, bar.rects), 'selected'));
    }
    return bands;
  }

  /** Shows the cursor on the note of this place in the text; nowhere without one. */
  point(/** @type {number | undefined} */ from) {
    const note = from === undefined ? undefined : this.score?.notes.find((one) => one.from === from);
    if (this.pointed === note) return;
    this.pointed = note;
    this.cursor.setAttribute('visibility', note ? 'visible' : 'hidden');
    if (!note) return;
    place(this.cursor, { x: note.x - 3, y: note.y - 8, w: note.w + 6, h: note.h + 16 });
    this.follow();
  }

  /** Scrolls where the cursor has left the window. */
  follow() {
    const box = this.cursor.getBoundingClientRect();
    const bottom = innerHeight - 110;
    if (box.top > 60 && box.bottom < bottom) return;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    scrollBy({ top: box.top - innerHeight / 3, behavior: calm ? 'auto' : 'smooth' });
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (event.button !== 0 || !this.score) return;
    const hit = this.hit(event);
    if (!hit) {
      desk.select(0, 0, 'score');
      return;
    }
    if (!event.shiftKey || !this.anchor) this.anchor = hit;
    this.stretch(hit);
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (!this.anchor || !(event.buttons & 1)) return;
    const hit = this.hit(event);
    if (hit) this.stretch(hit);
  }

  /** Selects from the anchor to here. @param {Stretch} hit */
  stretch(hit) {
    const anchor = this.anchor ?? hit;
    desk.select(Math.min(anchor.from, hit.from), Math.max(anchor.to, hit.to), 'score');
    this.anchor = anchor;
    this.head = hit;
    this.speak();
  }

  /** Somebody selected. */
  selected() {
    const { from, to, by } = desk.selected();
    this.anchor = this.head = by !== 'score' && to > from ? { from, to } : undefined;
    this.mark();
  }

  /** The note under the mouse, or the bar. @param {PointerEvent} event */
  hit(event) {
    const at = this.at(event);
    if (!at || !this.score) return undefined;
    const within = (/** @type {any} */ box, margin = 0) =>
      at.x >= box.x - margin && at.x <= box.x + box.w + margin &&
      at.y >= box.y - margin && at.y <= box.y + box.h + margin;
    return this.score.notes.find((note) => within(note, 2)) ??
      this.score.bars.find((bar) => bar.rects.some((rect) => within(rect, 6)));
  }

  /** @param {PointerEvent} event */
  at(event) {
    const matrix = this.picture?.getScreenCTM();
    return matrix ? new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse()) : null;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.score || event.altKey) return;
    const by = event.ctrlKey || event.metaKey ? this.score.bars : this.score.notes;
    const steps = /** @type {Record<string, number>} */ ({
      ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity });
    if (event.key in steps) this.move(by, steps[event.key], event.shiftKey);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      this.move(this.score.bars, event.key === 'ArrowDown' ? 1 : -1, event.shiftKey);
    } else if (event.key === 'Escape' && desk.has_selection()) desk.select(0, 0, 'score');
    else if ((event.ctrlKey || event.metaKey) && event.key === 'a') {
      desk.select(this.score.bars[0].from, this.score.bars.at(-1)?.to ?? 0, 'score');
    } else return;
    event.preventDefault();
  }

  /**
   * Selects the note or bar next to the one that keys or mouse were at last; with shift, all up to it.
   * @param {Stretch[]} places @param {number} step @param {boolean} extends_it
   */
  move(places, step, extends_it) {
    const head = this.head ?? (desk.has_selection() ? desk.selected() : undefined);
    const next = neighbour(places, head, step);
    if (!next) return;
    if (!extends_it || !this.anchor) this.anchor = next;
    this.stretch(next);
    this.reveal();
  }

  /** Says which notes are selected. */
  speak() {
    const bars = this.selected_bars();
    const text = (this.abc ?? '').slice(desk.selected().from, desk.selected().to).trim();
    say(words.selected(bars, text));
  }

  reveal() {
    this.marks.firstElementChild?.scrollIntoView({ block: 'nearest' });
  }

  /** The bars that the selection touches. @returns {Bar[]} */
  selected_bars() {
    const { from, to } = desk.selected();
    return (this.score?.bars ?? []).filter((bar) => bar.from < to && bar.to > from);
  }
}

/** @param {Stretch[]} places @param {Stretch | undefined} head @param {number} step */
function neighbour(places, head, step) {
  if (!head || !Number.isFinite(step)) return step > 0 && head ? places.at(-1) : places[0];
  if (step > 0) return places.find((one) => one.from >= head.to);
  return places.findLast((one) => one.to <= head.from);
}

/** The bars, to be seen under the mouse. @param {Score} score */
function bars_of(score) {
  const rects = score.bars.flatMap((bar) => bar.rects.map((box) => {
    const rect = svg('rect', { class: 'bar-place', rx: 3, data: { bar: bar.number } });
    place(rect, box);
    return rect;
  }));
  return svg('g', { class: 'bar-places' }, ...rects);
}

/** @param {Box} note @param {string} kind */
const rect_of = (note, kind) =>
  mark_of({ x: note.x - 1, y: note.y - 3, w: note.w + 2, h: note.h + 6 }, kind);

/** @param {Box} box @param {string} kind */
function mark_of(box, kind) {
  const rect = svg('rect', { class: kind, rx: 3 });
  place(rect, box);
  return rect;
}

/** A note's place, as high as its bar. @param {Place} note @param {Box[]} rects @returns {Box} */
function column(note, rects) {
  const middle = note.y + note.h / 2;
  const bar = rects.find((box) => middle >= box.y - 20 && middle <= box.y + box.h + 20) ?? note;
  const y = Math.min(bar.y, note.y), bottom = Math.max(bar.y + bar.h, note.y + note.h);
  return { x: note.x - 1, y, w: note.w + 2, h: bottom - y };
}

/** @param {any} rect @param {Box} box */
function place(rect, { x, y, w, h }) {
  for (const [name, value] of Object.entries({ x, y, width: w, height: h })) {
    rect.setAttribute(name, value.toFixed(1));
  }
}

/** Lets a picture be as wide as its frame. @param {SVGSVGElement} picture */
function fill_frame(picture) {
  const size = (/** @type {string} */ name) => parseFloat(picture.getAttribute(name) ?? '') || 800;
  if (!picture.hasAttribute('viewBox')) {
    picture.setAttribute('viewBox', `0 0 ${size('width')} ${size('height')}`);
  }
  picture.removeAttribute('width');
  picture.removeAttribute('height');
  picture.setAttribute('aria-hidden', 'true');
}

/** A small score, to look at only. @param {string} abc @param {string} label @param {number} [width] */
export function small_score(abc, label, width = 480) {
  const frame = el('div', { class: 'small score', role: 'img', 'aria-label': label });
  api.score({ abc, title: false, width }).then((score) => {
    const picture = safe_picture(score.svg);
    if (!picture) return;
    fill_frame(picture);
    frame.replaceChildren(picture);
  }, () => frame.replaceChildren(el('p', {}, label)));
  return frame;
}
