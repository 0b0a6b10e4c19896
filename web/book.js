// The tune book: search by words and melody, stars, tags, notes, near variants, import and export.
import * as api from './api.js';
import * as desk from './desk.js';
import { title, with_title } from './abc.js';
import { resolve_conflict } from './conflict.js';
import { button, choice, el, labelled, save_file, settled, text_of } from './dom.js';
import { complain, say, tell } from './notice.js';
import { recall, remember } from './storage.js';
import { can, did } from './undo.js';
import { words } from './words.js';

/** @typedef {{id: any, revision: any, title: string, key: string, meter: string, rhythm: string,
 *            stars: number, tags: string[], notes: string, novelty?: any, abc: string, request?: any}} Entry */

const kPage = 40;

/** A tune as the book takes it. @param {import('./desk.js').Tune} tune */
const entry_of = (tune) => ({ abc: tune.abc, request: { steps: tune.steps } });

/** Keeps the tune on top, or its changes. */
export async function keep() {
  const tune = desk.current();
  if (!tune) return;
  try {
    if (tune.kept) await save(tune);
    else await add(tune);
  } catch (error) {
    complain(error);
  }
}

/** @param {import('./desk.js').Tune} tune */
async function add(tune) {
  const text = tune.abc;
  const entry = await api.add_to_book(entry_of(tune));
  desk.keep({ id: entry.id, revision: entry.revision, saved: text }, tune.number);
  say(words.kept);
  const details = { ...identity(entry), number: tune.number, text };
  did({ label: words.deeds.kept, does: 'kept', undo: details, redo: details });
}

/**
 * Which tune of which book: when it was added, too, since another book may be open when a window that
 * remembers is loaded again. @param {any} entry
 */
const identity = ({ id, created }) => ({ id, created });

/** The tune as the book has it now. @param {{id: any, created: string}} deed @returns {Promise<any>} */
async function entry_meant(deed) {
  const entry = await api.from_book(deed.id);
  if (entry.created !== deed.created) throw new Error(words.another_book);
  return entry;
}

can('kept', async (deed, way) => {
  if (way === 'undo') {
    await entry_meant(deed);
    await api.delete_from_book(deed.id);
    desk.keep(undefined, deed.number);
  } else {
    const again = await api.restore_in_book(deed.id);
    desk.keep({ id: again.id, revision: again.revision, saved: deed.text }, deed.number);
  }
});

/** @param {import('./desk.js').Tune} tune */
async function save(tune) {
  const kept = /** @type {import('./desk.js').Kept} */ (tune.kept);
  const text = tune.abc;
  const made = await change(kept.id, { ...entry_of(tune), revision: kept.revision });
  if (!made) return;
  const { entry, is_asked } = made;
  if (!is_asked) desk.change(entry.abc, { what: 'book' }, words.deeds.opened);
  desk.keep({ id: entry.id, revision: entry.revision, saved: is_asked ? text : entry.abc }, tune.number);
  say(words.kept);
}

/**
 * Changes an entry. Where another page was first, both are shown and the person decides; nothing is
 * lost. Gives the tune that the book now has for it, and whether it is as asked.
 * @param {any} id @param {any} with_what @returns {Promise<{entry: Entry, is_asked: boolean} | undefined>}
 */
export async function change(id, with_what) {
  for (let asked = with_what; ;) {
    try {
      return { entry: await api.change_in_book(id, asked), is_asked: true };
    } catch (error) {
      const { status, body } = /** @type {any} */ (error);
      if (status === 404) return { entry: await api.add_to_book({ ...asked, revision: undefined }), is_asked: true };
      if (status !== 409) throw error;
      const theirs = body.tune;
      const chosen = await resolve_conflict(asked, theirs);
      if (!chosen) return undefined;
      if (chosen === 'theirs') return { entry: theirs, is_asked: false };
      if (chosen === 'both') return { entry: await add_version(asked, theirs), is_asked: false };
      asked = { ...asked, revision: theirs.revision };
    }
  }
}

/** Adds what was to be saved as a tune of its own. @param {any} asked @param {Entry} theirs */
function add_version(asked, theirs) {
  const { revision, ...rest } = asked;
  const abc = asked.abc ?? theirs.abc;
  return api.add_to_book({ ...rest, from: theirs.id, abc: with_title(abc, words.my_version(title(abc))) });
}

export class Book {
  /**
   * @param {HTMLElement} frame @param {import('./hear.js').Hear} hear
   * @param {() => void} show_desk  after a tune has been opened
   */
  constructor(frame, hear, show_desk) {
    this.hear = hear;
    this.show_desk = show_desk;
    this.asked = { words: '', melody: '', tag: '', stars: '', sort: 'best', ...recall('book', {}) };
    this.offset = 0;
    this.look = settled(150, () => this.load());
    this.build(frame);
    can('entry', (deed) => this.write(deed));
    can('deleted', (deed, way) => way === 'undo' ? this.put_back(deed) : this.take_out(deed));
  }

  /** @param {HTMLElement} frame */
  build(frame) {
    const search = (/** @type {string} */ name, /** @type {any} */ more = {}) => el('input', {
      id: `book-${name}`, type: 'search', value: /** @type {any} */ (this.asked)[name], autocomplete: 'off',
      on: { input: (/** @type {any} */ event) => this.ask(name, event.target.value) }, ...more });
    const select = (/** @type {string} */ name, /** @type {any[]} */ choices) => choice({
      id: `book-${name}`, on: { change: (/** @type {any} */ event) => this.ask(name, event.target.value) } },
      choices, /** @type {any} */ (this.asked)[name]);
    this.tags = el('datalist', { id: 'book-tags' });
    this.list = el('ol', { class: 'tunes', 'aria-label': words.book });
    this.total = el('p', { class: 'total', role: 'status' });
    this.further = button(words.further, () => this.load(true), { hidden: true });
    frame.append(el('h1', { tabindex: -1 }, words.book),
      el('search', { class: 'wishes' },
        labelled(words.by_words, search('words')),
        labelled(words.by_melody, search('melody', { placeholder: words.melody_example, spellcheck: 'false' }), words.melody_help),
        labelled(words.by_tag, search('tag', { list: 'book-tags' })), this.tags,
        labelled(words.by_stars, select('stars', words.star_choices)),
        labelled(words.sort, select('sort', words.sort_choices))),
      this.tools(), this.total, this.list, this.further);
  }

  tools() {
    const file = el('input', { type: 'file', id: 'book-file', class: 'unseen', multiple: true, accept: '.abc,.txt,text/*',
      on: { change: () => this.import([...file.files]) } });
    const format = choice({ id: 'book-format', 'aria-label': words.format }, words.book_formats);
    this.export_button = button(words.export_book, () => this.export(format.value), { id: 'export-book' });
    return el('div', { class: 'row tools' },
      el('label', { class: 'button', for: 'book-file' }, words.import), file,
      format, this.export_button);
  }

  /** @param {string} name @param {string} value */
  ask(name, value) {
    /** @type {any} */ (this.asked)[name] = value;
    remember('book', this.asked);
    this.look();
  }

  show() {
    this.load();
    this.offer_tags();
  }

  async offer_tags() {
    const { tags } = await api.tags().catch(() => ({ tags: [] }));
    this.tags.replaceChildren(...tags.map((/** @type {any} */ one) => el('option', { value: one.tag }, words.tunes(one.tunes))));
  }

  async load(further = false) {
    this.offset = further ? this.offset + kPage : 0;
    this.loading?.abort();
    const loading = (this.loading = new AbortController());
    try {
      const { tunes, total, mistakes } = await api.book({ ...this.asked, offset: this.offset, limit: kPage }, loading.signal);
      if (loading.signal.aborted) return;
      const is_search = Object.entries(this.asked).some(([name, value]) => name !== 'sort' && value);
      this.export_button.textContent = is_search ? words.export_found : words.export_book;
      const cards = tunes.map((/** @type {Entry} */ entry) => this.card(entry));
      if (further) this.list.append(...cards);
      else this.list.replaceChildren(...cards);
      this.total.textContent = mistakes ? words.nearly : words.tunes_found(total, is_search);
      this.further.hidden = this.offset + tunes.length >= total;
    } catch (error) {
      if (!loading.signal.aborted) this.total.textContent = /** @type {Error} */ (error).message;
    }
  }

  /** @param {Entry} entry */
  card(entry) {
    const facts = [entry.key, entry.meter, entry.rhythm, entry.novelty ? words.newer_than(entry.novelty.newer_than) : ''].filter(Boolean).join(' · ');
    const more = el('div', { class: 'more' });
    const open = button(entry.title || words.untitled, () => this.open(entry.id), { class: 'title' });
    const details = el('details', { on: { toggle: () => details.open && more.childElementCount === 0 && this.more(entry, more) } },
      el('summary', {}, words.details), more);
    const hear = button('▶', () => this.hear.toggle_tune(entry.abc), { class: 'hear', 'aria-label': words.hear_tune(entry.title) });
    return el('li', { class: 'tune', data: { id: entry.id } },
      hear, open, el('span', { class: 'facts' }, facts), this.stars(entry),
      el('span', { class: 'tags' }, ...(entry.tags ?? []).map((tag) => button(tag, () => this.only_tag(tag), { class: 'tag' }))), details);
  }

  /** @param {string} tag */
  only_tag(tag) {
    /** @type {any} */ (document.getElementById('book-tag')).value = tag;
    this.ask('tag', tag);
  }

  /** @param {Entry} entry */
  stars(entry) {
    const buttons = [1, 2, 3, 4, 5].map((count) => button(count <= entry.stars ? '★' : '☆', () =>
      this.put(entry, { stars: count === entry.stars ? 0 : count }, words.deeds.starred),
      { class: 'star', 'aria-label': words.stars(count), 'aria-pressed': String(count <= entry.stars) }));
    return el('span', { class: 'stars', role: 'group', 'aria-label': words.stars_label(entry.stars) }, ...buttons);
  }

  /** Changes what is said of a tune, so that it can be taken back. @param {Entry} entry @param {any} what @param {string} label */
  async put(entry, what, label) {
    const before = Object.fromEntries(Object.keys(what).map((name) => [name, /** @type {any} */ (entry)[name]]));
    const which = identity(entry);
    try {
      await this.write({ ...which, values: what });
      did({ label, does: 'entry', undo: { ...which, values: before }, redo: { ...which, values: what } });
    } catch (error) {
      complain(error);
    }
  }

  /** @param {{id: any, created: string, values: any}} deed */
  async write(deed) {
    const { revision } = await entry_meant(deed);
    const made = await change(deed.id, { ...deed.values, revision });
    const tune = desk.current();
    if (made && tune?.kept && tune.kept.id === deed.id) desk.keep({ ...tune.kept, revision: made.entry.revision });
    await this.load();
  }

  /** @param {Entry} entry @param {HTMLElement} frame */
  more(entry, frame) {
    const id = `tune-${entry.id}`;
    const tags = el('input', { id: `${id}-tags`, value: (entry.tags ?? []).join(', '), on: { change: () =>
      this.put(entry, { tags: tags.value.split(',').map((/** @type {string} */ one) => one.trim()).filter(Boolean) }, words.deeds.tagged) } });
    const notes = el('textarea', { id: `${id}-notes`, rows: 2, value: entry.notes ?? '', on: { change: () =>
      this.put(entry, { notes: notes.value }, words.deeds.noted) } });
    const variants = el('div', { class: 'variants' });
    frame.append(labelled(words.tags, tags, words.tags_help), labelled(words.notes, notes),
      el('p', { class: 'origin' }, words.origin(steps_of(entry))),
      el('div', { class: 'row' },
        button(words.near, () => this.near(entry.id, variants)),
        button(words.delete, () => this.remove(entry.id), { class: 'danger' })), variants);
  }

  /** @param {any} id @param {HTMLElement} frame */
  async near(id, frame) {
    try {
      const { tunes } = await api.near(id);
      frame.replaceChildren(tunes.length === 0 ? el('p', {}, words.none_near) : el('ul', {}, ...tunes.map((/** @type {any} */ one) =>
        el('li', {}, button(one.title || words.untitled, () => this.open(one.id), { class: 'title' }),
          el('span', { class: 'facts' }, words.shares(one.similarity))))));
    } catch (error) {
      complain(error);
    }
  }

  /** @param {any} id */
  async open(id) {
    try {
      const entry = await api.from_book(id);
      desk.put({ abc: entry.abc, steps: steps_of(entry), facts: undefined,
        kept: { id: entry.id, revision: entry.revision, saved: entry.abc } }, words.deeds.opened);
      this.show_desk();
    } catch (error) {
      complain(error);
    }
  }

  /** @param {any} id */
  async remove(id) {
    try {
      const entry = await api.from_book(id);
      const deed = identity(entry);
      await this.take_out(deed);
      did({ label: words.deeds.deleted, does: 'deleted', undo: deed, redo: deed });
      tell(words.deleted(entry.title), { text: words.undo, does: () => document.getElementById('undo')?.click() });
    } catch (error) {
      complain(error);
    }
  }

  /** @param {{id: any, created: string}} deed */
  async take_out(deed) {
    await entry_meant(deed);
    await api.delete_from_book(deed.id);
    await this.load();
  }

  /** @param {{id: any}} deed */
  async put_back(deed) {
    await api.restore_in_book(deed.id);
    await this.load();
  }

  /** @param {File[]} files */
  async import(files) {
    try {
      let added = 0, refused = 0;
      for (const file of files) {
        const answer = await api.import_to_book(await text_of(file));
        added += answer.added;
        refused += answer.refused;
      }
      tell(words.imported(added, refused));
      await this.load();
    } catch (error) {
      complain(error);
    }
  }

  /** @param {string} format */
  async export(format) {
    try {
      tell(words.being_made);
      const { blob, name } = await api.export_book(format, { ...this.asked, sort: '' });
      save_file(blob, name);
      tell(words.saved_as(name));
    } catch (error) {
      complain(error);
    }
  }
}

/** @param {Entry} entry @returns {import('./desk.js').Step[]} */
function steps_of(entry) {
  return Array.isArray(entry.request?.steps) ? entry.request.steps : [{ what: 'book' }];
}
