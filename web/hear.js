// Play, stop and practise: the bar of buttons under the score.
import * as desk from './desk.js';
import { sound_url } from './api.js';
import { button, choice, el, labelled, tick } from './dom.js';
import { complain } from './notice.js';
import { performance_of } from './performance.js';
import { Player } from './player.js';
import { note_at, stretch_of, whole_bars } from './schedule.js';
import { recall, remember } from './storage.js';
import { words } from './words.js';

/** @typedef {import('./schedule.js').Performance} Performance */

/** @type {Record<string, any>} */
const kUsual = {
  percent: 100, loop: false, count_in: false, metronome: false, faster: 0,
  melody: true, accompaniment: true, instrument: 'fiddle', chords: 'piano',
};

export class Hear {
  /**
   * @param {HTMLElement} frame @param {any} options  of the server
   * @param {(from: number | undefined) => void} point  shows the cursor at this place of the text
   */
  constructor(frame, options, point) {
    this.instruments = options.instruments;
    this.player = new Player();
    this.point = point;
    this.other = '';  // a tune that is not the one on top
    /** @type {Record<string, any>} */ this.set = { ...kUsual, ...recall('hear', {}) };
    /** @type {Record<string, string>} */ this.sounds = { bass: 'bass' };
    /** @type {Set<string>} */ this.warmed = new Set();  // samples that the browser has
    this.turn = {};
    this.build(frame);
    this.player.listeners.push(() => this.show_state());
    desk.listen('tune', () => this.stop());
    this.show_state();
  }

  /** @param {HTMLElement} frame */
  build(frame) {
    this.play_button = button(words.play, () => this.toggle(), { class: 'play', id: 'play' });
    this.clock = el('span', { class: 'clock', 'aria-hidden': 'true' });
    this.loop = tick(words.loop, this.set.loop, (on) => this.change('loop', on), { id: 'loop' });
    frame.append(this.play_button, this.clock, this.tempo_slider(), this.loop,
      el('details', { class: 'practice' }, el('summary', {}, words.practice), this.panel()));
  }

  tempo_slider() {
    const value = el('output', { for: 'tempo' });
    const slider = el('input', {
      id: 'tempo', type: 'range', min: 30, max: 160, step: 5, value: this.set.percent,
      on: { input: () => this.set_tempo(Number(slider.value)) },
    });
    this.tempo = { slider, value };
    return el('span', { class: 'tempo' }, el('label', { for: 'tempo' }, words.tempo), slider, value);
  }

  panel() {
    const faster = el('input', {
      id: 'faster', type: 'number', min: 0, max: 20, step: 1, value: this.set.faster,
      on: { change: () => this.change('faster', Number(faster.value)) },
    });
    const sounds = this.instruments.map((/** @type {{name: string}} */ { name }) => ({ value: name, text: name }));
    this.sounds.melody = this.set.instrument;
    this.sounds.chords = this.set.chords;
    return el('div', { class: 'panel' },
      tick(words.count_in, this.set.count_in, (on) => this.change('count_in', on), { id: 'count-in' }),
      tick(words.metronome, this.set.metronome, (on) => this.change('metronome', on), { id: 'metronome' }),
      tick(words.melody, this.set.melody, (on) => this.change('melody', on), { id: 'melody' }),
      tick(words.accompaniment, this.set.accompaniment, (on) => this.change('accompaniment', on), { id: 'accompaniment' }),
      labelled(words.faster, faster),
      labelled(words.instrument, choice({ id: 'instrument', on: { change: (/** @type {any} */ event) =>
        this.choose('instrument', 'melody', event.target.value) } }, sounds, this.sounds.melody)),
      labelled(words.chord_instrument, choice({ id: 'chord-instrument', on: { change: (/** @type {any} */ event) =>
        this.choose('chords', 'chords', event.target.value) } }, sounds, this.sounds.chords)));
  }

  /** @param {string} name @param {string} part @param {string} value */
  choose(name, part, value) {
    this.sounds[part] = value;
    this.change(name, value);
  }

  /** @param {string} name @param {any} value */
  change(name, value) {
    this.set[name] = value;
    remember('hear', this.set);
    this.tune_up();
    const restart = ['loop', 'faster', 'instrument', 'chords'].includes(name);
    if (restart && this.player.playing) this.restart();
  }

  /** @param {number} percent */
  set_tempo(percent) {
    this.set.percent = percent;
    remember('hear', this.set);
    this.show_tempo(percent);
    if (this.player.playing) this.player.set_rate(percent / 100);
  }

  /** @param {number} percent */
  show_tempo(percent) {
    if (!this.tempo) return;
    const beats = this.tempo_of_tune ? words.beats_a_minute(Math.round(this.tempo_of_tune * percent / 100)) : '';
    this.tempo.value.textContent = `${Math.round(percent)} % ${beats}`.trim();
    this.tempo.slider.setAttribute('aria-valuetext', this.tempo.value.textContent);
  }

  /** Volumes and instruments as they are set. */
  tune_up() {
    if (!this.player.context) return;
    const orchestra = this.player.orchestra;
    Object.assign(orchestra.instruments, this.sounds);
    orchestra.set_volume('melody', this.set.melody ? 1 : 0);
    orchestra.set_volume('chords', this.set.accompaniment ? 0.7 : 0);
    orchestra.set_volume('bass', this.set.accompaniment ? 0.7 : 0);
    orchestra.set_volume('click', this.set.metronome || this.set.count_in ? 0.25 : 0);
  }

  /** Learns the tempo and fetches the samples of the tune on top before anybody asks. */
  async get_ready() {
    const abc = desk.abc();
    if (!abc.trim()) return;
    try {
      const performance = await performance_of(abc);
      if (desk.abc() !== abc) return;
      this.tempo_of_tune = performance.tempo;
      this.show_tempo(this.set.percent);
      await this.warm(performance);
    } catch {
      // It is told when somebody wants to hear it.
    }
  }

  /**
   * Fetches the samples of a performance one after another, so that they are in the browser's memory
   * when somebody presses Play. Ends where another tune comes, or where there are none.
   * @param {Performance} performance
   */
  async warm(performance) {
    const turn = (this.turn = {});
    for (const { part, pitch } of performance.notes) {
      const url = sound_url(this.sounds[part], pitch);
      if (this.warmed.has(url)) continue;
      const answer = await fetch(url);
      if (!answer.ok || this.turn !== turn) return;
      await answer.arrayBuffer();
      this.warmed.add(url);
    }
  }

  toggle() {
    if (this.player.playing) this.stop();
    else this.play();
  }

  restart() {
    this.play();
  }

  stop() {
    this.player.stop();
  }

  /** Plays from what is selected: one note, from there on; more, only these; a loop, their bars. */
  async play() {
    try {
      const performance = await performance_of(desk.abc());
      if (performance.notes.length === 0) throw new Error(words.nothing_to_hear);
      await this.play_stretch(performance, this.stretch(performance));
    } catch (error) {
      complain(error);
    }
  }

  /** @param {Performance} performance */
  stretch(performance) {
    const all = { from: 0, to: performance.length };
    const { from, to } = desk.selected();
    const stretch = to > from ? stretch_of(performance, from, to) : undefined;
    if (!stretch) return all;
    if (this.set.loop) return whole_bars(performance, stretch);
    const notes = performance.notes.filter((note) =>
      note.part === 'melody' && note.time >= stretch.from && note.time < stretch.to);
    return notes.length > 1 ? stretch : { from: stretch.from, to: performance.length };
  }

  /**
   * @param {Performance} performance @param {{from: number, to: number}} stretch
   * @param {boolean} [once]  whatever is set
   */
  async play_stretch(performance, stretch, once = false) {
    this.showing = performance;
    void this.player.orchestra;
    this.tune_up();
    await this.player.play(this.clicks_as_set(performance), {
      ...stretch, rate: this.set.percent / 100, loop: this.set.loop && !once,
      faster: this.set.faster / 100, most: Math.max(1, this.set.percent / 100) * 1.5,
      count_in: this.set.count_in && !once,
    });
  }

  /** Plays another tune than the one on top, or ends that. @param {string} abc */
  async toggle_tune(abc) {
    const is_playing = this.player.playing && this.other === abc;
    this.stop();
    if (is_playing) return;
    this.other = abc;
    try {
      const performance = await performance_of(abc);
      await this.play_stretch(performance, { from: 0, to: performance.length }, true);
    } catch (error) {
      complain(error);
    }
  }

  /** Without a metronome there are clicks in the count-in only. @param {Performance} performance */
  clicks_as_set(performance) {
    return { ...performance, silent_beats: !this.set.metronome };
  }

  show_state() {
    const playing = this.player.playing;
    this.play_button.textContent = playing ? words.stop : words.play;
    this.play_button.classList.toggle('playing', playing);
    this.show_tempo(this.set.percent);
    if (playing) requestAnimationFrame(() => this.frame());
    else {
      this.point(undefined);
      this.clock.textContent = '';
    }
  }

  /** Moves the cursor with the sound. */
  frame() {
    if (!this.player.playing) return;
    const place = this.player.place();
    if (place !== undefined && this.showing) {
      this.point(note_at(this.showing, place)?.from);
      this.clock.textContent = `${clock(place)} / ${clock(this.showing.length)}`;
      if (this.set.faster > 0) this.show_tempo(this.player.rate() * 100);
    }
    requestAnimationFrame(() => this.frame());
  }
}

/** @param {number} seconds */
function clock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
