// The models that there are: chosen, evaluated, compared, exported.
import * as api from './api.js';
import { button, choice, el, save_file } from './dom.js';
import { complain, tell } from './notice.js';
import { words } from './words.js';

export class ModelsView {
  /**
   * @param {{choose_model: (name: string) => void, offer_models: (names: string[]) => void}} ask
   * @param {() => string | undefined} collection  by which models are measured
   */
  constructor(ask, collection) {
    this.ask = ask;
    this.collection = collection;
    this.known = '';
    this.list = el('div', { class: 'models' });
  }

  async show() {
    const { models } = await api.models();
    const names = models.map((/** @type {any} */ one) => one.name);
    const known = JSON.stringify(models);
    if (this.known === known) return;
    this.known = known;
    this.ask.offer_models(names);
    this.list.replaceChildren(...models.map((/** @type {any} */ one) => this.card(one, names)));
  }

  /** @param {any} one @param {string[]} names */
  card(one, names) {
    const name = one.name;
    const result = el('div', { class: 'result', role: 'status' });
    const others = names.filter((each) => each !== name);
    const other = choice({ 'aria-label': words.compare_with }, others.map((each) => ({ value: each, text: each })));
    const facts = [one.parameters ? words.parameters(one.parameters) : '', one.epoch ? words.epochs_learnt(one.epoch) : '',
      one.message ?? ''].filter(Boolean).join(' · ');
    return el('article', { class: 'card' }, el('h3', {}, name), el('p', { class: 'facts' }, facts),
      el('div', { class: 'row' },
        use_button(this.ask, name),
        button(words.evaluate, () => measure(result, () => api.evaluate(name, this.tunes_for(one)))),
        button(words.export_model, () => export_model(name))),
      others.length > 0 && el('div', { class: 'row' },
        button(words.compare, () => measure(result, () => api.compare(name, { ...this.tunes_for(one), with: other.value }))), other),
      result);
  }

  /** By its own lesson's held-out tunes, or by the collection that is chosen. @param {any} one */
  tunes_for(one) {
    if (one.lesson) return { lesson: one.lesson };
    const collection = this.collection();
    return collection ? { collection } : {};
  }
}

/** @param {{choose_model: (name: string) => void}} ask @param {string} name  of a model */
export const use_button = (ask, name) => button(words.use_model, () => {
  ask.choose_model(name);
  tell(words.model_chosen(name));
});

/** @param {HTMLElement} frame @param {() => Promise<any>} ask */
async function measure(frame, ask) {
  frame.textContent = words.measuring;
  try {
    frame.replaceChildren(table(await ask()));
  } catch (error) {
    frame.textContent = /** @type {Error} */ (error).message;
  }
}

/** @param {string} name */
async function export_model(name) {
  try {
    const file = await api.export_model(name);
    save_file(file.blob, file.name);
  } catch (error) {
    complain(error);
  }
}

/** What is told of one model or of several, side by side. @param {any} answer */
function table(answer) {
  /** @type {any[]} */ const models = answer.models ?? [answer];
  const is_told = (/** @type {string} */ name) => models.some((one) => (one[name] ?? null) !== null && one[name].length !== 0);
  const rows = Object.entries(words.measures).filter(([name]) => is_told(name));
  const cell = (/** @type {any} */ value, /** @type {(value: any, row: any) => string} */ show, /** @type {any} */ one) =>
    el('td', {}, (value ?? null) === null || value.length === 0 ? '–' : show(value, one));
  return el('table', {}, models.length > 1 && el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, words.model),
      ...models.map((one) => el('th', { scope: 'col' }, one.model)))),
    el('tbody', {}, ...rows.map(([name, [text, show]]) => el('tr', {}, el('th', { scope: 'row' }, text),
      ...models.map((one) => cell(one[name], show, one))))));
}
