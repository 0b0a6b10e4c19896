// Teaching: tunes dropped, what they are as pictures, lessons, and the models that come of them.
import * as api from './api.js';
import { bars, ring } from './charts.js';
import { button, el, labelled, text_of } from './dom.js';
import { Lessons } from './lessons.js';
import { ModelsView } from './models.js';
import { complain, tell } from './notice.js';
import { words } from './words.js';

export class Teach {
  /**
   * @param {HTMLElement} frame @param {import('./hear.js').Hear} hear
   * @param {{choose_model: (name: string) => void, offer_models: (names: string[]) => void}} ask
   */
  constructor(frame, hear, ask) {
    this.collections = el('div', { class: 'collections' });
    this.models = new ModelsView(ask, () => this.lessons.chosen_collections()[0]);
    this.lessons = new Lessons(hear, ask, () => this.models.show());
    frame.append(el('h1', { tabindex: -1 }, words.teach), el('p', { class: 'help' }, words.teach_help),
      this.drop_zone(), this.collections,
      el('h2', {}, words.learn), this.lessons.form, this.lessons.list,
      el('h2', {}, words.models), this.models.list);
  }

  drop_zone() {
    this.name = el('input', { id: 'collection-name', autocomplete: 'off' });
    const file = el('input', { type: 'file', id: 'collection-files', class: 'unseen', multiple: true,
      accept: '.abc,.txt,text/*', on: { change: () => { this.add([...file.files]); file.value = ''; } } });
    const zone = el('div', { class: 'drop', on: {
      dragover: (/** @type {DragEvent} */ event) => { event.preventDefault(); zone.classList.add('over'); },
      dragleave: () => zone.classList.remove('over'),
      drop: (/** @type {DragEvent} */ event) => {
        event.preventDefault();
        zone.classList.remove('over');
        this.add([...(event.dataTransfer?.files ?? [])]);
      },
    } }, el('p', {}, words.drop_here), file, el('label', { class: 'button', for: 'collection-files' }, words.choose_files),
    labelled(words.collection_name, this.name, words.collection_name_help));
    return zone;
  }

  /** @param {File[]} files */
  async add(files) {
    if (files.length === 0) return;
    const name = this.name.value.trim() || files[0].name.replace(/\.[^.]*$/, '');
    try {
      tell(words.reading);
      const texts = await Promise.all(files.map(async (file) => ({ name: file.name, text: await text_of(file) })));
      const made = await api.add_collection(name, texts);
      this.name.value = '';
      await this.show_collections();
      tell(words.read(made.name));
    } catch (error) {
      complain(error);
    }
  }

  async show() {
    try {
      await Promise.all([this.show_collections(), this.models.show()]);
      await this.lessons.look();
    } catch (error) {
      complain(error);
    }
  }

  hide() {
    this.lessons.look_away();
  }

  async show_collections() {
    const { collections } = await api.collections();
    this.collections.replaceChildren(...collections.map((/** @type {any} */ one) => this.collection(one)));
    this.lessons.offer(collections);
  }

  /** What a collection is, in pictures. @param {any} one */
  collection(one) {
    const facts = [words.tunes(one.tunes), one.notes?.median ? words.notes_each(one.notes.median) : '',
      one.duplicates ? words.duplicates(one.duplicates) : ''].filter(Boolean).join(' · ');
    return el('article', { class: 'card collection' },
      el('header', { class: 'row' }, el('h3', {}, one.name), el('span', { class: 'facts' }, facts),
        button(words.delete, () => this.remove(one.name), { class: 'danger plain' })),
      el('div', { class: 'charts' }, ring(words.correct, one.correct, one.tunes),
        bars(words.keys, one.keys ?? {}, words.other), bars(words.metres, one.metres ?? {}, words.other),
        bars(words.rhythms, one.rhythms ?? {}, words.other), bars(words.last_notes, one.last_notes ?? {}, words.other),
        Object.keys(one.problems ?? {}).length > 0 && bars(words.problems, one.problems, words.other)));
  }

  /** @param {string} name */
  async remove(name) {
    if (!confirm(words.really_delete(name))) return;
    try {
      await api.delete_collection(name);
      await this.show_collections();
    } catch (error) {
      complain(error);
    }
  }
}
