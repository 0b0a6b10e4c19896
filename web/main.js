// Puts the page together: its views, undo and redo, and the first tune.
import * as api from './api.js';
import * as desk from './desk.js';
import { Book, keep } from './book.js';
import { ComposeView } from './compose_view.js';
import { button, el, is_typing } from './dom.js';
import { complain, say } from './notice.js';
import { Teach } from './teach.js';
import { next_redo, next_undo, on_undo_change, redo, undo } from './undo.js';
import { words } from './words.js';

/** @typedef {'compose'|'book'|'teach'} View */
const kViews = /** @type {View[]} */ (['compose', 'book', 'teach']);

class Page {
  /** @param {any} options */
  constructor(options) {
    /** @type {View | undefined} */ this.view = undefined;
    this.frames = by_view((name) =>
      el('section', { id: `view-${name}`, class: `view ${name}`, 'aria-label': words[name], hidden: true }));
    this.links = by_view((name) => el('a', { href: `#${name}` }, words[name]));
    this.undo_button = button('↶', () => this.take_back(), { id: 'undo' });
    this.redo_button = button('↷', () => this.do_again(), { id: 'redo' });
    this.build();
    this.compose = new ComposeView(this.frames.compose, options);
    this.book = new Book(this.frames.book, this.compose.hear, () => this.go_to('compose'));
    this.teach = new Teach(this.frames.teach, this.compose.hear, this.compose.ask);
    this.listen();
    this.show_undo();
    this.route();
    this.compose.start();
  }

  build() {
    document.title = words.title;
    document.body.prepend(
      el('a', { class: 'skip', href: '#compose', on: { click: () => this.compose.paper.focus() } }, words.skip),
      el('header', { class: 'top' }, el('span', { class: 'mark' }, 'Lilt'),
        el('nav', { 'aria-label': words.nav }, ...kViews.map((name) => this.links[name])),
        el('div', { class: 'row' }, this.undo_button, this.redo_button,
          button('?', show_keys, { 'aria-label': words.keys_help, title: words.keys_help, id: 'keys' }))),
      el('main', {}, ...kViews.map((name) => this.frames[name])));
  }

  listen() {
    document.addEventListener('keydown', (event) => this.key(event));
    addEventListener('hashchange', () => this.route());
    on_undo_change(() => this.show_undo());
    desk.listen('tune', () => this.remember_place());
  }

  /** The browser's own buttons go back and forward through tunes, too. */
  remember_place() {
    const hash = `#tune-${desk.current()?.number}`;
    if (this.view !== 'compose' || location.hash === hash) return;
    if (location.hash.startsWith('#tune-')) history.pushState(null, '', hash);
    else history.replaceState(null, '', hash);
  }

  /** Shows what the address says. */
  route() {
    const place = location.hash.slice(1);
    const number = Number(/^tune-(\d+)$/.exec(place)?.[1]);
    if (number && desk.has_tune(number) && desk.current()?.number !== number) desk.show(number);
    this.show_view(kViews.find((name) => name === place) ?? 'compose');
  }

  /** @param {View} name */
  go_to(name) {
    if (this.view !== name) location.hash = name;
  }

  /** @param {View} name */
  show_view(name) {
    if (this.view === name) return;
    const is_first = this.view === undefined;
    this.view = name;
    for (const each of kViews) {
      this.frames[each].hidden = each !== name;
      if (each === name) this.links[each].setAttribute('aria-current', 'page');
      else this.links[each].removeAttribute('aria-current');
    }
    if (name === 'book') this.book.show();
    if (name === 'teach') this.teach.show();
    else this.teach.hide();
    if (name !== 'compose') this.compose.hear.stop();
    if (!is_first) this.frames[name].querySelector('h1')?.focus();
  }

  show_undo() {
    show_deed(this.undo_button, next_undo(), words.undo, words.undo_what);
    show_deed(this.redo_button, next_redo(), words.redo, words.redo_what);
  }

  async take_back() {
    const label = await undo().catch(complain);
    if (label) say(words.undone(label));
  }

  async do_again() {
    const label = await redo().catch(complain);
    if (label) say(words.redone(label));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.defaultPrevented) return;
    const with_command = (event.ctrlKey || event.metaKey) && !event.altKey;
    const is_for_page = !event.ctrlKey && !event.metaKey && this.view === 'compose' && !is_typing(event.target);
    if (event.key === '?' && !is_typing(event.target)) return show_keys();
    const done = with_command ? this.command(event) : is_for_page && this.compose.key(event);
    if (done) event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  command(event) {
    const key = event.key.toLowerCase();
    const is_elsewhere = is_typing(event.target) && event.target !== this.compose.editor.text;
    if (key === 's' && this.view === 'compose') keep();
    else if (is_elsewhere) return false;
    else if (key === 'z' && !event.shiftKey) this.take_back();
    else if (key === 'z' || key === 'y') this.do_again();
    else return false;
    return true;
  }
}

/** All keys, in a dialog. */
function show_keys() {
  const dialog = el('dialog', { class: 'keys', 'aria-labelledby': 'keys-title', on: { close: () => dialog.remove() } },
    el('h2', { id: 'keys-title' }, words.shortcuts),
    el('dl', {}, ...words.keys_list.flatMap(([key, does]) => [el('dt', {}, el('kbd', {}, key)), el('dd', {}, does)])),
    button(words.close, () => dialog.close(), { class: 'main' }));
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {(name: View) => any} make @returns {Record<View, any>} */
const by_view = (make) => /** @type {any} */ (Object.fromEntries(kViews.map((name) => [name, make(name)])));

/**
 * @param {HTMLButtonElement} control @param {string | undefined} label @param {string} plain
 * @param {(label: string) => string} with_label
 */
function show_deed(control, label, plain, with_label) {
  control.disabled = label === undefined;
  const text = label === undefined ? plain : with_label(label);
  control.setAttribute('aria-label', text);
  control.title = text;
}

api.options().then((options) => new Page(options), complain);
