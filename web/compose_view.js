// The view in which tunes are asked for, seen, heard and changed.
import * as desk from './desk.js';
import { title } from './abc.js';
import { Ask } from './ask.js';
import { keep } from './book.js';
import { Change } from './change.js';
import { el, settled } from './dom.js';
import { Editor } from './editor.js';
import { Hear } from './hear.js';
import { say } from './notice.js';
import { ScoreView } from './score.js';
import { Tools } from './tools.js';
import { words } from './words.js';

export class ComposeView {
  /** @param {HTMLElement} frame @param {any} options  of the server */
  constructor(frame, options) {
    const transport = el('section', { class: 'transport', 'aria-label': words.transport });
    const proposals = el('section', { class: 'proposals', 'aria-label': words.proposals });
    const beside = el('aside', { class: 'beside', 'aria-label': words.abc_label });
    const form = el('div', { class: 'wishing' });
    this.paper = el('div', { class: 'score', id: 'score', tabindex: 0, role: 'application',
      'aria-label': words.score, 'aria-describedby': 'score-help' });
    this.heading = el('h1', { class: 'unseen print-title', tabindex: -1 });
    this.problem = el('p', { class: 'error score-problem', role: 'status' });
    this.about = el('p', { class: 'about' });
    this.score = new ScoreView(this.paper);
    this.hear = new Hear(transport, options, (from) => this.score.point(from));
    this.ask = new Ask(form, options, { make: (abc) => this.score.prepare(abc), another: () => this.another() });
    this.change = new Change(proposals, this.hear, this.ask, this.score);
    this.tools = new Tools(options.ranges, { score: this.score, change: this.change, ask: this.ask, hear: this.hear });
    this.editor = new Editor(beside, () => this.score.draw());
    beside.append(el('h2', {}, words.about), this.about);
    frame.append(form, el('div', { class: 'desk' }, this.sheet(proposals), beside), transport);
    this.listen();
  }

  /** @param {HTMLElement} proposals */
  sheet(proposals) {
    return el('article', { class: 'sheet-music', 'aria-label': words.score },
      this.heading, this.tools.head, this.tools.selection, this.problem, this.paper,
      el('p', { id: 'score-help', class: 'help' }, words.score_help), proposals, this.tools.foot);
  }

  listen() {
    this.score.problem = (message) => { this.problem.textContent = message; };
    const prepare = settled(200, () => {
      this.hear.get_ready();
      this.ask.look_ahead();
    });
    desk.listen('tune', () => {
      this.score.draw();
      this.show_origin();
      prepare();
    });
    desk.listen('typed', () => this.show_origin());
    this.paper.addEventListener('dblclick', () => this.hear.play());
  }

  /** The tune that was on top the last time, else the first one. */
  start() {
    const tune = desk.current();
    if (tune) desk.show(tune.number);
    else this.another();
  }

  /** Another tune, as wished. */
  async another() {
    this.ask.another_button.setAttribute('aria-busy', 'true');
    try {
      const made = await this.ask.next();
      if (!made) return;
      await this.score.prepare(made.piece.abc).catch(() => {});
      const { abc, ...facts } = made.piece;
      this.ask.came_of(facts.seed);
      desk.put({ abc, facts, steps: [{ what: 'composed', seed: facts.seed, model: made.request.model }] },
        words.deeds.composed);
      say(facts.title ?? '');
    } finally {
      this.ask.another_button.removeAttribute('aria-busy');
    }
  }

  show_origin() {
    const tune = desk.current();
    if (!tune) return;
    this.heading.textContent = title(tune.abc);
    this.about.textContent = [words.origin(tune.steps), tune.facts ? words.novelty(tune.facts) : '']
      .filter(Boolean).join('. ');
  }

  /** A key that is not for a field, without Control. @param {KeyboardEvent} event */
  key(event) {
    if (event.altKey) {
      if (event.key === 'ArrowLeft') desk.go_back();
      else if (event.key === 'ArrowRight') desk.go_forward();
      else return false;
      return true;
    }
    const on_control = event.target instanceof HTMLElement && event.target.matches('button, summary, a, input');
    if (event.key === ' ' && !on_control) this.hear.toggle();
    else if (event.key === 'Enter' && event.target === this.paper) this.hear.play();
    else if (event.key === 'n') this.another();
    else if (event.key === 'r') this.change.rewrite();
    else if (event.key === 'k') keep();
    else if (event.key === 'l') document.getElementById('loop')?.click();
    else return false;
    return true;
  }
}
