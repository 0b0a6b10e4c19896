// Other ways that the tune could go: bars written anew, a variation, chords, how it goes on. Six
// proposals stand side by side; each is heard with one key, one is kept.
import * as api from './api.js';
import * as desk from './desk.js';
import { difference, excerpt, music_begins, with_number_of } from './abc.js';
import { any_seed } from './ask.js';
import { button, el, is_typing } from './dom.js';
import { complain, say } from './notice.js';
import { performance_of } from './performance.js';
import { stretch_of, whole_bars } from './schedule.js';
import { small_score } from './score.js';
import { words } from './words.js';

/**
 * @typedef {{title: string, label: string, step: any, request: any,
 *            stretch?: {from: number, to: number}}} Question  what of the text is asked about, if only some is
 */

const kProposals = 6;

export class Change {
  /**
   * @param {HTMLElement} frame @param {import('./hear.js').Hear} hear
   * @param {import('./ask.js').Ask} ask @param {import('./score.js').ScoreView} score
   */
  constructor(frame, hear, ask, score) {
    this.frame = frame;
    this.hear = hear;
    this.ask = ask;
    this.score = score;
    this.frame.hidden = true;
    document.addEventListener('keydown', (event) => this.key(event));
    desk.listen('tune', () => this.close());
  }

  /** The bars that are selected, as a request names them. */
  bars() {
    const numbers = this.score.selected_bars().map((bar) => bar.number).filter((number) => number > 0);
    if (numbers.length === 0) return '';
    const first = Math.min(...numbers), last = Math.max(...numbers);
    return first === last ? String(first) : `${first}-${last}`;
  }

  rewrite() {
    const bars = this.bars();
    if (!bars) return complain(new Error(words.select_bars_first));
    this.propose({ title: words.rewrite_title(bars), label: words.deeds.rewritten(bars),
      step: { what: 'rewritten', bars }, request: { rewrite: bars }, stretch: this.selected_stretch() });
  }

  /** The selected bars in the text, with the bar before them. */
  selected_stretch() {
    const bars = this.score.selected_bars(), all = this.score.score?.bars ?? [];
    const first = Math.max(0, all.indexOf(bars[0]) - 1);
    return { from: all[first].from, to: this.end_of_bar(bars[bars.length - 1].to) };
  }

  /** @param {number} percent */
  vary(percent) {
    this.propose({ title: words.vary_title(percent), label: words.deeds.varied,
      step: { what: 'varied', percent }, request: { vary: percent } });
  }

  harmonise() {
    this.propose({ title: words.harmonise_title, label: words.deeds.harmonised,
      step: { what: 'harmonised' }, request: { harmonise: true } });
  }

  /** Goes on from the end of the selection, or of the tune. @param {boolean} from_selection */
  go_on(from_selection) {
    const abc = desk.abc();
    const bars = from_selection ? this.score.selected_bars() : [];
    const cut = bars.length > 0 ? this.end_of_bar(bars.at(-1)?.to ?? abc.length) : abc.length;
    this.propose({ title: words.go_on_title, label: words.deeds.continued,
      step: { what: 'continued' }, request: { continue: true, tune: `${abc.slice(0, cut).trimEnd()}\n` } });
  }

  /** Behind the bar line that follows. @param {number} place */
  end_of_bar(place) {
    const line = /^[ \t]*[|:\]]*/.exec(desk.abc().slice(place));
    return place + (line ? line[0].length : 0);
  }

  /** Asks, and shows what comes as it comes. @param {Question} question */
  async propose(question) {
    this.close();
    const stop = (this.stop = new AbortController());
    const tune = desk.current();
    if (!tune) return;
    this.question = question;
    this.before = tune.abc;
    /** @type {any[]} */ this.pieces = [];
    this.open(question);
    const request = { ...this.ask.request(true), tune: tune.abc, seed: any_seed(), number: kProposals,
      ...question.request };
    try {
      for await (const piece of api.compose(request, stop.signal)) this.add(piece);
      say(words.proposals_there(this.pieces.length));
    } catch (error) {
      if (stop.signal.aborted) return;
      complain(error);
      if (this.pieces.length === 0) this.close();
    } finally {
      this.frame.setAttribute('aria-busy', 'false');
    }
  }

  /** @param {Question} question */
  open(question) {
    this.cards = el('ol', { class: 'cards' });
    this.frame.replaceChildren(
      el('header', {}, el('h2', { id: 'proposals-title', tabindex: -1 }, question.title),
        question.stretch && button(words.hear_number(0), () => this.listen(0), { 'aria-keyshortcuts': '0' }),
        button(words.others, () => this.propose(question)),
        button(words.close, () => this.close(), { class: 'plain' })),
      el('p', { class: 'help' }, words.proposals_help), this.cards);
    this.frame.hidden = false;
    this.frame.setAttribute('aria-busy', 'true');
    /** @type {HTMLElement} */ (this.frame.querySelector('h2')).focus({ preventScroll: true });
  }

  /** @param {any} piece */
  add(piece) {
    piece.abc = with_number_of(piece.abc, this.before ?? '');
    const number = this.pieces?.push(piece) ?? 0;
    if (number === 1) requestAnimationFrame(() => this.frame.scrollIntoView({ block: 'start' }));
    const { from, to } = this.changed_bars(piece.abc);
    this.cards.append(el('li', { class: 'card', data: { number } },
      small_score(excerpt(piece.abc, from, to), words.proposal(number), 420),
      el('div', { class: 'row' },
        button(words.hear_number(number), () => this.listen(number), { 'aria-keyshortcuts': String(number) }),
        button(words.keep_this, () => this.keep(number), { class: 'main', 'aria-label': words.keep_number(number) }))));
  }

  /** The stretch of a proposal's text to be shown: what is new, in whole bars. @param {string} abc */
  changed_bars(abc) {
    const before = this.before ?? '', stretch = this.question?.stretch;
    if (stretch) return { from: stretch.from, to: abc.length - (before.length - stretch.to) };
    const { from, to } = difference(before, abc);
    const start = music_begins(abc);
    if (to - from > 400 || to <= from) return { from: start, to: Math.max(start, Math.min(abc.length, start + 400)) };
    const begin = Math.max(start, abc.lastIndexOf('|', Math.max(start, from - 1)) + 1);
    const end = abc.indexOf('|', to);
    return { from: begin, to: end < 0 ? abc.length : end + 1 };
  }

  /** Plays what is new, with the bar before it. @param {number} number */
  async listen(number) {
    const abc = number === 0 ? this.before : this.pieces?.[number - 1]?.abc;
    if (!abc) return;
    this.heard = number;
    for (const card of this.cards.children) {
      card.classList.toggle('heard', card.getAttribute('data-number') === String(number));
    }
    try {
      const performance = await performance_of(abc);
      const { from, to } = this.changed_bars(abc);
      const stretch = stretch_of(performance, from, to) ?? { from: 0, to: performance.length };
      const bars = whole_bars(performance, { from: Math.max(0, stretch.from - 0.1), to: stretch.to });
      await this.hear.play_stretch(performance, bars, true);
    } catch (error) {
      complain(error);
    }
  }

  /** @param {number} number */
  keep(number) {
    const piece = this.pieces?.[number - 1], question = this.question;
    if (!piece || !question) return;
    this.close();
    desk.change(piece.abc, { ...question.step, seed: piece.seed }, question.label);
    say(words.kept_number(number));
  }

  close() {
    this.stop?.abort();
    if (this.frame.hidden) return;
    this.frame.hidden = true;
    this.frame.replaceChildren();
    this.pieces = [];
    this.heard = undefined;
    this.hear.stop();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (this.frame.hidden || is_typing(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
    const number = Number(event.key);
    if (/^\d$/.test(event.key) && number <= (this.pieces?.length ?? 0)) this.listen(number);
    else if (event.key === 'Enter' && this.heard && !(event.target instanceof HTMLButtonElement)) this.keep(this.heard);
    else if (event.key === 'Escape') this.close();
    else return;
    event.preventDefault();
  }
}
