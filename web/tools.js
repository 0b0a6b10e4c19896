// What can be done with the tune on top: its title, keeping, moving, ranges, exports, printing; and with
// what of it is selected.
import * as api from './api.js';
import * as desk from './desk.js';
import { field, music_begins, title, with_title } from './abc.js';
import { keep } from './book.js';
import { button, choice, el, labelled, save_file, tick } from './dom.js';
import { complain, say, tell } from './notice.js';
import { outside, performance_of, range_of, range_text, shift_into } from './performance.js';
import { recall, remember } from './storage.js';
import { words } from './words.js';

export class Tools {
  /**
   * @param {{name: string, low: number, high: number}[]} ranges  of instruments
   * @param {{score: import('./score.js').ScoreView, change: import('./change.js').Change,
   *          ask: import('./ask.js').Ask, hear: import('./hear.js').Hear}} parts
   */
  constructor(ranges, parts) {
    this.score = parts.score;
    this.change = parts.change;
    this.ask = parts.ask;
    this.hear = parts.hear;
    this.ranges = ranges;
    this.instrument = recall('playable', '');
    this.score.shows_chords = recall('chords', true);
    this.head = this.build_head();
    this.foot = this.build_foot();
    this.selection = this.build_selection();
    for (const event of /** @type {const} */ (['tune', 'typed', 'kept'])) desk.listen(event, () => this.show());
    desk.listen('selection', () => this.show_selection());
    this.show_selection();
  }

  build_head() {
    this.title = el('input', { id: 'title', class: 'tune-title', 'aria-label': words.tune_title, autocomplete: 'off', spellcheck: 'false',
      on: { change: () => desk.change(with_title(desk.abc(), this.title.value), { what: 'renamed' }, words.deeds.renamed) } });
    this.back = button('←', () => desk.go_back(), { id: 'back', 'aria-label': words.earlier, title: `${words.earlier} (Alt+←)` });
    this.forward = button('→', () => desk.go_forward(), { id: 'forward', 'aria-label': words.later, title: `${words.later} (Alt+→)` });
    this.keep_button = button(words.keep, keep, { id: 'keep' });
    return el('header', { class: 'tune-head' },
      el('div', { class: 'row' }, this.back, this.forward), this.title,
      el('div', { class: 'row' }, this.keep_button, this.export_menu(), button(words.print, () => print(), { id: 'print' })));
  }

  export_menu() {
    const menu = el('details', { class: 'menu', id: 'export' }, el('summary', { class: 'button' }, words.export),
      el('ul', {}, ...words.formats.map(({ value, text }) => el('li', {}, button(text, () => {
        menu.open = false;
        this.export(value);
      }, { data: { format: value } })))));
    menu.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Escape') menu.open = false;
    });
    menu.addEventListener('focusout', (/** @type {FocusEvent} */ event) => {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
    });
    return menu;
  }

  /** What is done with the whole tune. */
  build_foot() {
    const percent = el('input', { id: 'vary-percent', type: 'number', min: 10, max: 100, step: 10, value: recall('vary', 30),
      'aria-label': words.vary_percent, on: { change: () => remember('vary', Number(percent.value)) } });
    return el('div', { class: 'tools' },
      el('div', { class: 'row', role: 'group', 'aria-label': words.deeds_of_tune },
        button(words.like_this, () => this.like_this(), { id: 'like-this' }),
        el('span', { class: 'joined' }, button(words.vary, () => this.change.vary(Number(percent.value)), { id: 'vary' }), percent, el('span', { 'aria-hidden': 'true' }, '%')),
        button(words.harmonise, () => this.change.harmonise(), { id: 'harmonise' }),
        button(words.go_on_at_end, () => this.change.go_on(false), { id: 'go-on' })),
      this.build_moving());
  }

  build_moving() {
    const to = el('input', { id: 'move-key', autocomplete: 'off', list: 'wish-key-list', size: 4, on: {
      keydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Enter') this.move({ key: to.value }); } } });
    const playable = choice({ id: 'playable', on: { change: (/** @type {any} */ event) => this.choose_instrument(event.target.value) } },
      [{ value: '', text: words.no_instrument }, ...this.ranges.map((one) => ({ value: one.name, text: one.name }))], this.instrument);
    this.range_said = el('span', { class: 'facts', role: 'status' });
    this.fit = button(words.fit, () => this.move_to_fit(), { hidden: true, id: 'fit' });
    return el('details', { class: 'moving' }, el('summary', {}, words.transpose),
      el('div', { class: 'row' },
        button('−12', () => this.move({ semitones: -12 }), { 'aria-label': words.octave_down }),
        button('−1', () => this.move({ semitones: -1 }), { 'aria-label': words.down, id: 'down' }),
        button('+1', () => this.move({ semitones: 1 }), { 'aria-label': words.up, id: 'up' }),
        button('+12', () => this.move({ semitones: 12 }), { 'aria-label': words.octave_up }),
        labelled(words.move_to, to), button(words.move, () => this.move({ key: to.value })),
        labelled(words.range_of, playable), this.fit, this.range_said,
        tick(words.chords_shown, this.score.shows_chords, (on) => this.show_chords(on), { id: 'chords-shown' })));
  }

  build_selection() {
    this.selected_bars = el('span', { class: 'bars' });
    this.selection_buttons = el('span', { class: 'row' },
      button(words.rewrite, () => this.change.rewrite(), { id: 'rewrite', class: 'main', 'aria-keyshortcuts': 'r' }),
      button(words.go_on, () => this.change.go_on(true), { id: 'go-on-here' }),
      button(words.opening, () => this.use_as_opening(), { id: 'use-opening' }));
    return el('div', { class: 'selection row', role: 'group', 'aria-label': words.selection_tools }, this.selected_bars, this.selection_buttons);
  }

  show() {
    const tune = desk.current(), text = desk.abc();
    if (document.activeElement !== this.title) this.title.value = title(text);
    this.back.disabled = !desk.can_go_back();
    this.forward.disabled = !desk.can_go_forward();
    const is_saved = tune?.kept && tune.kept.saved === text;
    this.keep_button.textContent = is_saved ? `★ ${words.is_kept}` : tune?.kept ? `★ ${words.keep_changes}` : `☆ ${words.keep}`;
    this.keep_button.setAttribute('aria-pressed', String(Boolean(is_saved)));
    this.show_range();
  }

  show_selection() {
    const bars = this.score.selected_bars();
    const any = desk.has_selection() && bars.length > 0;
    this.selected_bars.textContent = any ? words.bars_selected(this.change.bars()) : words.nothing_selected;
    this.selection_buttons.hidden = !any;
  }

  /** @param {boolean} on */
  show_chords(on) {
    this.score.shows_chords = on;
    remember('chords', on);
    this.score.draw();
  }

  /** @param {{key?: string, semitones?: number}} where */
  async move(where) {
    if (where.key !== undefined && !where.key.trim()) return;
    try {
      const { abc } = await api.transpose({ abc: desk.abc(), ...where });
      desk.change(abc, { what: 'transposed', to: where.key, semitones: where.semitones }, words.deeds.transposed);
      say(field(abc, 'K'));
    } catch (error) {
      complain(error);
    }
  }

  /** @param {string} name */
  choose_instrument(name) {
    this.instrument = name;
    remember('playable', name);
    this.show_range();
  }

  /** Marks the notes that the chosen instrument does not have. */
  async show_range() {
    const range = this.ranges.find((one) => one.name === this.instrument);
    const text = desk.abc();
    this.fit.hidden = true;
    if (!range || !text.trim()) {
      this.range_said.textContent = '';
      this.mark([]);
      return;
    }
    try {
      const performance = await performance_of(text);
      if (desk.abc() !== text) return;
      const strange = outside(performance, range);
      const places = new Set(strange.map((note) => note.from));
      this.mark([...places]);
      const name = `${range.name} (${range_text(range)})`;
      this.range_said.textContent = places.size === 0 ? words.fits(name) : words.fits_not(places.size, name);
      const { low, high } = range_of(performance);
      this.fit.hidden = places.size === 0 || high - low > range.high - range.low;
      if (places.size > 0 && this.fit.hidden) this.range_said.textContent += ` ${words.fits_never}`;
    } catch {
      this.mark([]);
    }
  }

  /** @param {number[]} places */
  mark(places) {
    this.score.marked = new Set(places);
    this.score.mark();
  }

  async move_to_fit() {
    const range = this.ranges.find((one) => one.name === this.instrument);
    if (!range) return;
    const shift = shift_into(await performance_of(desk.abc()), range);
    if (shift) this.move({ semitones: shift });
  }

  /** The tune's dance, key, metre and form become the wishes. */
  like_this() {
    const tune = desk.current();
    if (!tune) return;
    const plan = tune.facts?.plan;
    const bars = Math.max(0, ...(this.score.score?.bars ?? []).map((bar) => bar.number));
    const form = plan && plan.sections ? JSON.stringify({ sections: plan.sections, bars: plan.bars }) : '';
    this.ask.wish({ rhythm: field(tune.abc, 'R'), key: field(tune.abc, 'K').split(/\s+(?:clef|octave|middle)/)[0],
      meter: field(tune.abc, 'M'), form, bars: form || bars === 0 ? '' : String(bars), start: '' });
    tell(words.like_this_help);
    document.getElementById('wish-key')?.focus();
  }

  /** The selected music, with the fields that it needs, becomes the opening of the next tunes. */
  use_as_opening() {
    const { from, to } = desk.selected();
    const text = desk.abc(), header = text.slice(0, music_begins(text));
    const fields = header.split('\n').filter((line) => /^[MLK]:/.test(line)).join('\n');
    const start = Math.max(from, music_begins(text));
    const music = text.slice(start, to).replace(/\s*\n\s*/g, '').replace(/:?\|[|\]:\d\s]*$/, '|').trim();
    this.ask.wish({ start: `${fields}\n${music}`, key: '', meter: '', unit: '', form: '', bars: '' });
    tell(words.opening_help);
  }

  /** @param {string} format */
  async export(format) {
    try {
      tell(words.being_made);
      const { blob, name } = await api.export_tune({ abc: desk.abc(), format });
      save_file(blob, name);
      tell(words.saved_as(name));
    } catch (error) {
      complain(error);
    }
  }
}
