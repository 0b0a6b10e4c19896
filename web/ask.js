// The form of wishes, kept from tune to tune, and the tune that comes of them: mostly it has been asked
// for before somebody presses the button.
import * as api from './api.js';
import * as desk from './desk.js';
import { button, choice, el, settled, svg } from './dom.js';
import { recall, remember } from './storage.js';
import { can, did } from './undo.js';
import { words } from './words.js';

/** @typedef {{name: string, help: string, kind: string, default: any, least?: number, most?: number}} Field */

// What a person asks for most stands in sight; what is about a tune that there is has buttons of its own.
const kInSight = ['rhythm', 'key', 'meter', 'bars', 'temperature', 'seed'];
const kElsewhere = new Set(['tune', 'rewrite', 'continue', 'harmonise', 'vary', 'number', 'first', 'report']);
const kLong = new Set(['start', 'chords', 'form']);
const kMostSeeds = 1_000_000;

export const any_seed = () => 1 + Math.floor(Math.random() * (kMostSeeds - 1));

/** Asks for a tune; it can be stopped. @param {any} wishes @param {number} seed */
function ask_for(wishes, seed) {
  const stop = new AbortController();
  const request = { ...wishes, seed };
  const piece = api.compose_one(request, stop.signal);
  piece.catch(() => {});  // whoever waits for it is told
  return { request, piece, stop };
}

// The first tune of all, which has no wishes, is asked for before there is a form.
const is_first = !desk.current() && Object.keys(recall('wishes', {})).length === 0 && !recall('seed', { locked: false }).locked;
let first = is_first ? ask_for({}, any_seed()) : undefined;

export class Ask {
  /**
   * @param {HTMLElement} frame @param {any} options  of the server
   * @param {{make: (text: string) => any, another: () => void}} page  `make` prepares the score of a text
   */
  constructor(frame, options, page) {
    this.options = options;
    this.page = page;
    /** @type {Record<string, string>} */ this.wishes = recall('wishes', {});
    this.seed = recall('seed', { locked: false, value: '' });
    /** @type {any} */ this.ahead = undefined;
    /** @type {Map<string, any>} */ this.controls = new Map();
    /** @type {Field[]} */ this.fields = options.fields.filter((/** @type {Field} */ field) => !kElsewhere.has(field.name));
    this.foresee = settled(250, () => this.look_ahead());
    this.build(frame);
    can('wishes', (wishes) => this.set(wishes));
  }

  /** @param {HTMLElement} frame */
  build(frame) {
    const first = kInSight.map((name) => this.fields.find((field) => field.name === name))
      .filter((field) => field !== undefined);
    const others = this.fields.filter((field) => !kInSight.includes(field.name));
    this.more = el('details', { class: 'more' }, el('summary', {}, el('span', { class: 'wide' }, words.more_wishes), el('span', { class: 'narrow' }, words.all_wishes)),
      el('div', { class: 'wishes' }, this.model_field(), ...others.map((field) => this.field(field)),
        button(words.forget_wishes, () => this.clear(), { class: 'plain' })));
    this.another_button = el('button', { type: 'submit', class: 'main', id: 'another' }, words.another);
    this.problem = el('p', { class: 'error', role: 'alert' });
    this.form = el('form', { class: 'ask', novalidate: true, 'aria-label': words.wishes, on: {
      submit: (/** @type {Event} */ event) => { event.preventDefault(); this.page.another(); },
      input: (/** @type {any} */ event) => this.changed(event.target),
    } },
    el('div', { class: 'wishes' }, ...first.map((field) => this.field(field))),
    this.more, this.problem, this.another_button);
    frame.append(this.form);
    if (others.some((field) => this.wishes[field.name])) this.more.open = true;
    this.show_seed();
  }

  /** @param {Field} field */
  field(field) {
    const control = field.name === 'seed' ? this.seed_control() : this.control(field);
    const shown = field.name === 'seed' ? el('div', { class: 'with-lock' }, control, this.lock()) : control;
    const error = el('p', { class: 'error', id: `wish-${field.name}-error`, role: 'alert' });
    const label = el('label', { for: control.id }, words.wish[field.name] ?? field.name);
    const help = el('small', { class: 'help', id: `${control.id}-help` }, words.help[field.name] ?? field.help ?? '');
    control.setAttribute('aria-describedby', `${help.id} ${error.id}`);
    this.controls.set(field.name, { control, error, field });
    return el('div', { class: `field ${kLong.has(field.name) ? 'long' : ''}` }, label, shown, error, help);
  }

  /** @param {Field} field */
  control(field) {
    const id = `wish-${field.name}`, value = this.wishes[field.name] ?? '';
    const common = { id, name: field.name, autocomplete: 'off' };
    if (field.name === 'start') return el('textarea', { ...common, rows: 2, value, spellcheck: 'false' });
    if (field.name === 'temperature') return el('input', { ...common, type: 'number', step: 0.05, min: 0.1, max: 2,
      value, placeholder: String(field.default ?? '') });
    if (is_number(field)) {
      return el('input', { ...common, type: 'number', value, step: field.kind === 'integer' ? 1 : 'any',
        min: field.least, max: field.most, placeholder: field.default ?? words.any });
    }
    const suggestions = this.suggestions(field);
    const input = el('input', { ...common, value, placeholder: words.any, spellcheck: 'false',
      list: suggestions.length > 0 ? `${id}-list` : undefined });
    if (suggestions.length === 0) return input;
    const list = el('datalist', { id: `${id}-list` }, ...suggestions.map((one) => el('option', { value: one })));
    document.body.append(list);
    return input;
  }

  /** What is offered; anything else can be typed. @param {Field} field @returns {string[]} */
  suggestions(field) {
    const by_name = /** @type {Record<string, any>} */ ({
      rhythm: names(this.options.rhythms), key: this.options.keys, meter: this.options.meters,
      range: names(this.options.ranges), dialect: this.options.dialects,
      chords: ['on', 'off'], unit: ['1/8', '1/4', '1/16'],
      form: ['AABB', 'AABA', 'A8B8', 'A16B8', "AA'BB'"],
    });
    return by_name[field.name] ?? [];
  }

  model_field() {
    const control = choice({ id: 'wish-model', name: 'model' }, []);
    const error = el('p', { class: 'error', id: 'wish-model-error', role: 'alert' });
    this.controls.set('model', { control, error, field: { name: 'model' } });
    this.offer_models(this.options.models);
    return el('div', { class: 'field' }, el('label', { for: 'wish-model' }, words.wish.model), control, error);
  }

  /** The models that there are now; one that is gone is wished for no more. @param {string[]} models */
  offer_models(models) {
    const { control } = this.controls.get('model'), wished = this.wishes.model;
    control.replaceChildren(...models.map((name) => el('option', { value: name }, name)));
    control.value = models.includes(wished) ? wished : models[0];
    if (wished !== undefined && wished !== control.value) this.changed(control);
  }

  /** Composes with this model from now on. @param {string} name */
  choose_model(name) {
    const { control } = this.controls.get('model');
    if (![...control.options].some((/** @type {any} */ one) => one.value === name)) {
      control.append(el('option', { value: name }, name));
    }
    control.value = name;
    this.changed(control);
  }

  seed_control() {
    return el('input', { id: 'wish-seed', name: 'seed', type: 'number', min: 0, step: 1,
      value: this.seed.value, placeholder: words.any, autocomplete: 'off' });
  }

  lock() {
    this.lock_button = button('', () => this.set_lock(!this.seed.locked), { class: 'lock', id: 'lock' });
    this.lock_button.append(svg('svg', { viewBox: '0 0 20 20', 'aria-hidden': 'true' },
      svg('rect', { x: 4, y: 9, width: 12, height: 9, rx: 2 }), svg('path', { d: 'M6.500 10V6a3.500 3.500 0 0 1 7 0v4' })));
    return this.lock_button;
  }

  /** @param {boolean} locked */
  set_lock(locked) {
    this.seed.locked = locked;
    remember('seed', this.seed);
    this.show_seed();
    this.foresee();
  }

  show_seed() {
    const { locked } = this.seed;
    this.lock_button?.setAttribute('aria-pressed', String(locked));
    if (this.lock_button) {
      this.lock_button.setAttribute('aria-label', words.lock_seed);
      this.lock_button.title = words.lock_seed;
    }
    this.another_button.textContent = locked ? words.again : words.another;
  }

  /** The seed of the tune that is now there. @param {number} seed */
  came_of(seed) {
    if (this.seed.locked) return;
    this.seed.value = String(seed);
    this.controls.get('seed').control.value = this.seed.value;
    remember('seed', this.seed);
  }

  /** @param {any} control */
  changed(control) {
    if (!control.name) return;
    this.say(control.name, '');
    if (control.name === 'seed') {
      this.seed = { locked: control.value !== '', value: control.value };
      remember('seed', this.seed);
      this.show_seed();
    } else {
      if (control.value === '') delete this.wishes[control.name];
      else this.wishes[control.name] = control.value;
      remember('wishes', this.wishes);
    }
    this.foresee();
  }

  /** Wishes in place of those of the same names, which can be taken back. @param {Record<string, string>} wishes */
  wish(wishes) {
    const before = Object.fromEntries(Object.keys(wishes).map((name) => [name, this.wishes[name] ?? '']));
    this.set(wishes);
    did({ label: words.deeds.wished, does: 'wishes', undo: before, redo: wishes });
  }

  /** @param {Record<string, string>} wishes */
  set(wishes) {
    for (const [name, value] of Object.entries(wishes)) {
      const known = this.controls.get(name);
      if (!known) continue;
      known.control.value = value;
      if (value === '') delete this.wishes[name];
      else this.wishes[name] = value;
      if (value && !kInSight.includes(name)) this.more.open = true;
    }
    remember('wishes', this.wishes);
    this.foresee();
  }

  clear() {
    this.wish(Object.fromEntries([...this.controls.keys()].filter((name) => name !== 'seed' && name !== 'model')
      .map((name) => [name, ''])));
    this.controls.forEach((_, name) => this.say(name, ''));
  }

  /** The wishes as the server takes them; `about` a tune that there is, only how it is drawn. */
  request(about_a_tune = false) {
    /** @type {Record<string, any>} */
    const request = {};
    for (const { field } of this.controls.values()) {
      const text = this.wishes[field.name];
      if (field.name === 'seed' || text === undefined) continue;
      if (about_a_tune && !kDrawing.has(field.name)) continue;
      request[field.name] = is_number(field) ? Number(text) : field.kind === 'boolean' ? text === 'on' : text;
    }
    return request;
  }

  next_seed() {
    const locked = this.seed.locked && this.seed.value !== '';
    return locked ? Number(this.seed.value) : any_seed();
  }

  /** Composes the next tune before anybody has asked for it. @returns {any} */
  look_ahead() {
    const wishes = JSON.stringify([this.request(), this.seed.locked && this.seed.value]);
    if (this.ahead?.wishes === wishes) return this.ahead;
    this.ahead?.stop.abort();
    const asked = first ?? ask_for(this.request(), this.next_seed());
    first = undefined;
    asked.piece.then((made) => this.page.make(made.abc), () => {});
    this.ahead = { wishes, ...asked };
    return this.ahead;
  }

  /** The next tune. A refusal is shown at the field that it is about, and comes back as nothing. */
  async next() {
    const ahead = this.look_ahead();
    try {
      const piece = await ahead.piece;
      this.controls.forEach((_, name) => this.say(name, ''));
      this.problem.textContent = '';
      return { piece, request: ahead.request };
    } catch (error) {
      if (/** @type {any} */ (error).name !== 'AbortError') this.refuse(error);
      return undefined;
    } finally {
      if (this.ahead === ahead) this.ahead = undefined;
    }
  }

  /** @param {any} error */
  refuse(error) {
    const known = this.controls.get(error.field);
    this.problem.textContent = known ? '' : error.message;
    if (!known) return;
    if (!known.control.checkVisibility()) this.more.open = true;
    this.say(error.field, error.message);
    known.control.focus();
  }

  /** @param {string} name @param {string} message */
  say(name, message) {
    const known = this.controls.get(name);
    if (!known) return;
    known.error.textContent = message;
    if (message) known.control.setAttribute('aria-invalid', 'true');
    else known.control.removeAttribute('aria-invalid');
  }
}

const kDrawing = new Set(['model', 'temperature', 'top_k', 'top_p', 'repetition', 'dialect', 'best_of']);

/** @param {{name: string}[]} list */
const names = (list) => list.map((one) => one.name);
/** @param {Field} field */
const is_number = (field) => field.kind === 'integer' || field.kind === 'number';
