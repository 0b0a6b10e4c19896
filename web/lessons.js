// Lessons: what to learn and how, and each one's progress, curves and tunes while it learns.
import * as api from './api.js';
import { curves } from './charts.js';
import { button, choice, el, labelled, settled } from './dom.js';
import { use_button } from './models.js';
import { complain } from './notice.js';
import { small_score } from './score.js';
import { words } from './words.js';

const kEvery = 1000;  // milliseconds between looks at a lesson
const kSamples = 6;   // tunes in sight

export class Lessons {
  /**
   * @param {import('./hear.js').Hear} hear @param {{choose_model: (name: string) => void}} ask
   * @param {() => any} ended  called when a lesson has ended, or has a model, or is gone
   */
  constructor(hear, ask, ended) {
    this.hear = hear;
    this.ask = ask;
    this.ended = ended;
    this.timer = 0;
    this.is_watched = false;
    /** @type {Map<string, string>} */ this.drawn = new Map();
    /** @type {Map<string, any>} */ this.pictures = new Map();  // of sample tunes
    this.list = el('div', { class: 'lessons' });
    this.choose = settled(200, () => this.show_presets());
    this.form = this.build_form();
  }

  build_form() {
    this.chosen = el('fieldset', { class: 'choices', on: { change: () => this.choose() } }, el('legend', {}, words.learn_from));
    this.name = el('input', { id: 'lesson-name', autocomplete: 'off' });
    this.preset = choice({ id: 'lesson-preset', 'aria-describedby': 'preset-help', on: { change: () => this.show_preset() } }, []);
    this.preset_help = el('small', { id: 'preset-help', class: 'help' });
    this.from = choice({ id: 'lesson-from' }, []);
    this.epochs = el('input', { id: 'lesson-epochs', type: 'number', min: 1, max: 10000, placeholder: words.usual,
      on: { input: () => this.show_preset() } });
    this.problem = el('p', { class: 'error', role: 'alert' });
    this.learn_button = el('button', { type: 'submit', class: 'main', id: 'learn', disabled: true }, words.press_learn);
    const preset = labelled(words.how, this.preset);
    this.preset.setAttribute('aria-describedby', 'preset-help');
    this.from_field = labelled(words.on_from, this.from);
    this.from_field.hidden = true;
    return el('form', { class: 'lesson', 'aria-label': words.learn, on: { submit: (/** @type {Event} */ event) => {
      event.preventDefault();
      this.learn(false);
    } } }, this.chosen, el('div', { class: 'wishes' }, labelled(words.model_name, this.name, words.model_name_help),
      preset, this.from_field, labelled(words.epochs, this.epochs)), this.preset_help, this.problem, this.learn_button);
  }

  /** @param {any[]} collections */
  offer(collections) {
    const ticked = new Set(this.chosen_collections());
    const is_first = ticked.size === 0;
    this.chosen.replaceChildren(el('legend', {}, words.learn_from), collections.length > 0 ? '' : el('p', { class: 'help' }, words.no_tunes_yet), ...collections.map((one, i) => {
      const box = el('input', { type: 'checkbox', name: 'collection', value: one.name });
      box.checked = ticked.has(one.name) || (is_first && i === collections.length - 1);
      return el('label', { class: 'tick' }, box, `${one.name} (${words.tunes(one.tunes)})`);
    }));
    this.learn_button.disabled = collections.length === 0;
    this.show_presets();
  }

  /** @returns {string[]} */
  chosen_collections() {
    return [...this.chosen.querySelectorAll('input:checked')].map((/** @type {any} */ one) => one.value);
  }

  /** The ways to learn, with how long each will take for what is chosen. */
  async show_presets() {
    const chosen = this.chosen_collections();
    try {
      const [{ presets }, { models }] = await Promise.all([api.presets(chosen), api.models()]);
      if (String(chosen) !== String(this.chosen_collections())) return;  // others have been asked about
      const before = this.preset.value, from = this.from.value;
      this.presets = presets;
      fill(this.preset, presets.map((/** @type {any} */ one) => ({ value: one.name, text: one.title })), before);
      fill(this.from, models.map((/** @type {any} */ one) => ({ value: one.name, text: one.name })), from);
      this.show_preset();
    } catch (error) {
      complain(error);
    }
  }

  show_preset() {
    const preset = (this.presets ?? []).find((/** @type {any} */ one) => one.name === this.preset.value);
    this.from_field.hidden = preset?.name !== 'further';
    const epochs = Number(this.epochs.value), usual = preset?.epochs;
    const seconds = epochs > 0 && usual ? preset.seconds * epochs / usual : epochs > 0 ? 0 : preset?.seconds;
    this.preset_help.textContent = preset ? [preset.help, seconds ? words.takes(seconds) : ''].join(' ') : '';
    this.epochs.placeholder = usual ?? words.usual;
  }

  /** @param {boolean} beside  though another lesson is at work */
  async learn(beside) {
    const collections = this.chosen_collections();
    const request = { name: this.name.value.trim() || collections[0], collections, preset: this.preset.value,
      from: this.from_field.hidden ? '' : this.from.value, beside,
      ...(this.epochs.value ? { epochs: Number(this.epochs.value) } : {}) };
    this.problem.replaceChildren();
    try {
      await api.learn(request);
      await this.look();
    } catch (error) {
      const { message, field } = /** @type {any} */ (error);
      this.problem.replaceChildren(message);
      if (field === 'beside') this.problem.append(' ', button(words.learn_beside, () => this.learn(true)));
    }
  }

  /** Looks at the lessons, again and again while one is at work and the page is in sight. */
  async look() {
    this.is_watched = true;
    clearTimeout(this.timer);
    const { lessons } = await api.lessons();
    await Promise.all(lessons.map((/** @type {any} */ one) => this.look_at(one)));
    for (const card of [...this.list.children]) {
      if (!lessons.some((/** @type {any} */ one) => card.getAttribute('data-id') === one.id)) card.remove();
    }
    const is_at_work = lessons.some(is_live);
    const models = lessons.filter((/** @type {any} */ one) => one.has_model).map((/** @type {any} */ one) => one.id).join('/');
    if (this.was_at_work !== is_at_work || this.models !== models) this.ended();
    if (this.was_at_work && !is_at_work) this.show_presets();  // how long they take can be told again
    this.was_at_work = is_at_work;
    this.models = models;
    if (is_at_work && this.is_watched) this.timer = setTimeout(() => this.look().catch(complain), kEvery);
  }

  look_away() {
    this.is_watched = false;
    clearTimeout(this.timer);
  }

  /** Draws a lesson where something of it has changed. @param {any} brief */
  async look_at(brief) {
    const text = JSON.stringify(brief);
    if (this.drawn.get(brief.id) === text) return;
    this.drawn.set(brief.id, text);
    const lesson = await api.lesson(brief.id);
    let card = [...this.list.children].find((one) => one.getAttribute('data-id') === brief.id);
    if (!card) {
      card = el('article', { class: 'card', data: { id: brief.id } });
      this.list.prepend(/** @type {Node} */ (card));
    }
    this.fill(/** @type {HTMLElement} */ (card), lesson);
  }

  /** @param {HTMLElement} card @param {any} lesson */
  fill(card, lesson) {
    const was_open = card.querySelector('details')?.open ?? true;
    const focused = card.contains(document.activeElement) ? document.activeElement?.textContent : undefined;
    const parts = [el('h3', {}, lesson.name ?? lesson.id), el('p', { class: 'facts' }, words.lesson_facts(lesson)),
      progress(lesson), chart(lesson), this.samples(lesson.samples ?? [], was_open), this.actions(lesson)];
    card.replaceChildren(...parts.filter((part) => part !== null));
    const again = focused && [...card.querySelectorAll('button, summary')].find((one) => one.textContent === focused);
    if (again) /** @type {HTMLElement} */ (again).focus();
  }

  /** @param {any} lesson */
  actions(lesson) {
    const live = is_live(lesson), id = lesson.id;
    return el('div', { class: 'row' },
      live && lesson.state !== 'stopping' && button(words.stop_learning, () => this.act(() => api.stop_lesson(id))),
      !live && lesson.state !== 'done' && button(words.resume_learning, () => this.act(() => api.resume_lesson(id))),
      lesson.has_model && use_button(this.ask, id),
      button(words.delete, () => confirm(words.really_delete(lesson.name ?? id)) && this.act(() => api.delete_lesson(id)), { class: 'danger plain' }));
  }

  /** The tunes that it made after the last epochs. @param {any[]} samples @param {boolean} is_open */
  samples(samples, is_open) {
    if (samples.length === 0) return null;
    const details = el('details', { class: 'samples' }, el('summary', {}, words.samples),
      el('ol', { class: 'cards' }, ...samples.slice(-kSamples).reverse().map((one) => this.sample(one))));
    details.open = is_open;
    return details;
  }

  /** @param {{epoch: number, abc: string}} one */
  sample({ epoch, abc }) {
    const picture = this.pictures.get(abc) ?? small_score(abc, words.sample_of(epoch), 520);
    this.pictures.set(abc, picture);
    return el('li', { class: 'card' }, el('p', { class: 'facts' }, words.sample_of(epoch)), picture,
      button(words.hear, () => this.hear.toggle_tune(abc)));
  }

  /** @param {() => Promise<any>} does */
  async act(does) {
    try {
      await does();
      await this.look();
    } catch (error) {
      complain(error);
    }
  }
}

/** @param {any} lesson */
const is_live = (lesson) => ['starting', 'learning', 'stopping'].includes(lesson.state);

/** @param {any} control @param {{value: string, text: string}[]} choices @param {string} chosen */
function fill(control, choices, chosen) {
  control.replaceChildren(...choices.map(({ value, text }) => el('option', { value }, text)));
  if (choices.some(({ value }) => value === chosen)) control.value = chosen;
}

/** How far a lesson is. @param {any} lesson */
function progress(lesson) {
  const live = is_live(lesson);
  const bar = live && el('progress', { max: 1, value: lesson.progress, 'aria-label': words.progress });
  const text = [words.states[lesson.state] ?? lesson.state, lesson.epoch !== undefined ? words.epoch_of(lesson.epoch, lesson.of) : '',
    live && lesson.seconds_left > 0 ? words.left(lesson.seconds_left) : '', lesson.message].filter(Boolean).join(' · ');
  return el('div', { class: 'progress' }, bar, el('p', { class: 'facts' }, text));
}

/** Bits per character that it learns by and that it foretells unknown tunes by. @param {any} lesson */
function chart(lesson) {
  const points = (/** @type {any[]} */ rows, /** @type {(one: any) => number | null} */ value) => /** @type {[number, number][]} */ (
    (rows ?? []).map((one) => [one.epoch, value(one)]).filter((point) => typeof point[1] === 'number'));
  const in_bits = (/** @type {any} */ one) => one.loss / Math.LN2;
  const shown = [{ name: words.curve_valid, points: points(lesson.epochs, (one) => one.bits_per_character) },
    { name: words.curve_loss, points: points(lesson.points?.length > 0 ? lesson.points : lesson.epochs, in_bits) }];
  return shown.some((curve) => curve.points.length > 0) ? curves(words.curves, shown, words.epochs_axis) : null;
}
