// The ABC beside the score: to be typed in, with what is wrong marked at its place while typing.
import * as api from './api.js';
import * as desk from './desk.js';
import { difference } from './abc.js';
import { button, el, settled } from './dom.js';
import { complain } from './notice.js';
import { words } from './words.js';

/** @typedef {{line: number, column: number, message: string, severity?: string, from: number, to: number}} Diagnosis */

export class Editor {
  /** @param {HTMLElement} frame @param {() => void} redraw  called when the person paused */
  constructor(frame, redraw) {
    this.redraw = redraw;
    /** @type {Diagnosis[]} */ this.diagnoses = [];
    /** @type {number | undefined} */ this.number = undefined;  // of the tune that is shown
    /** @type {HTMLTextAreaElement} */
    this.text = el('textarea', {
      id: 'abc', spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off',
      'aria-describedby': 'abc-problems',
    });
    this.paper = el('pre', { class: 'behind', 'aria-hidden': 'true' });
    this.list = el('ul', { id: 'abc-problems', class: 'problems', 'aria-live': 'polite' });
    frame.append(el('label', { for: 'abc' }, words.abc_label),
      el('div', { class: 'sheet' }, this.paper, this.text), this.list);
    this.look = settled(180, () => this.check());
    this.listen();
  }

  listen() {
    this.text.addEventListener('input', () => {
      desk.type(this.text.value, words.deeds.typed);
      this.diagnoses = [];
      this.draw();
      this.look();
    });
    this.text.addEventListener('scroll', () => this.follow_scroll());
    document.addEventListener('selectionchange', () => this.selected());
    desk.listen('tune', () => this.show());
    desk.listen('selection', () => this.mark_selection());
  }

  show() {
    const number = desk.current()?.number, before = this.text.value, abc = desk.abc();
    if (before !== abc) {
      this.text.value = abc;
      const { to } = difference(before, abc);  // where typing goes on
      if (this.number === number) this.text.setSelectionRange(to, to);
    }
    if (this.number !== number) this.text.scrollTop = 0;
    this.number = number;
    this.diagnoses = [];
    this.draw();
    this.look();
  }

  /** The person selected in the text. */
  selected() {
    if (document.activeElement !== this.text) return;
    const { selectionStart, selectionEnd } = this.text;
    desk.select(selectionStart, Math.max(selectionEnd, selectionStart), 'text');
  }

  /** Somebody else selected. */
  mark_selection() {
    const { from, to, by } = desk.selected();
    const is_from_elsewhere = by !== 'text' && by !== 'desk';
    if (is_from_elsewhere) this.text.setSelectionRange(from, to);
    this.draw();
    if (is_from_elsewhere) this.reveal('.selected');
  }

  async check() {
    const abc = desk.abc();
    this.checking?.abort();
    const checking = (this.checking = new AbortController());
    try {
      const { diagnoses } = await api.check(abc, checking.signal);
      if (desk.abc() !== abc) return;
      this.diagnoses = diagnoses;
      this.draw();
      this.tell();
      if (document.activeElement === this.text) this.redraw();
    } catch (error) {
      if (!checking.signal.aborted) complain(error);
    }
  }

  /** What is wrong, as a list that leads to the places. */
  tell() {
    const has_error = this.diagnoses.some((one) => one.severity !== 'warning');
    this.text.setAttribute('aria-invalid', String(has_error));
    this.list.replaceChildren(...this.diagnoses.slice(0, 20).map((one) =>
      el('li', { class: one.severity ?? 'error' },
        button(words.diagnosis(one), () => this.go_to(one), { class: 'plain' }))));
  }

  /** @param {Diagnosis} one */
  go_to(one) {
    this.text.focus();
    this.text.setSelectionRange(one.from, Math.max(one.to, one.from + 1));
    this.reveal('.error, .warning', this.diagnoses.indexOf(one));
  }

  /** The same text behind the one that is typed, with its marks. */
  draw() {
    const text = this.text.value;
    const { from, to, by } = desk.selected();
    const edges = new Set([0, text.length]);
    const marks = this.diagnoses.map((one) => ({
      from: one.from, to: Math.max(one.to, one.from + 1), kind: one.severity ?? 'error' }));
    if (by !== 'text' && to > from) marks.push({ from, to, kind: 'selected' });
    for (const mark of marks) edges.add(mark.from).add(Math.min(mark.to, text.length));
    const places = [...edges].sort((a, b) => a - b);
    const pieces = places.slice(0, -1).map((start, i) => {
      const piece = text.slice(start, places[i + 1]);
      const kinds = marks.filter((mark) => mark.from <= start && mark.to >= places[i + 1])
        .map((mark) => mark.kind);
      if (kinds.length === 0) return piece;
      return el('mark', { class: kinds.join(' ') }, piece === '\n' ? '¶\n' : piece);
    });
    this.paper.replaceChildren(...pieces, '\n');
    this.follow_scroll();
  }

  follow_scroll() {
    this.paper.scrollTop = this.text.scrollTop;
  }

  /** Scrolls to a mark. @param {string} kind @param {number} [index]  of several */
  reveal(kind, index = 0) {
    const mark = /** @type {HTMLElement | undefined} */ (this.paper.querySelectorAll(kind)[index]);
    if (!mark) return;
    const { scrollTop, clientHeight } = this.text;
    if (mark.offsetTop >= scrollTop && mark.offsetTop + mark.offsetHeight <= scrollTop + clientHeight) return;
    this.text.scrollTop = mark.offsetTop - clientHeight / 3;
  }
}
