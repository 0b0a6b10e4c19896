// Plays a performance: keeps a little ahead of the clock, knows where it is, can change tempo on the way.
import { Orchestra } from './orchestra.js';
import { rounds, sounds_of } from './schedule.js';

/**
 * @typedef {import('./schedule.js').Performance} Performance
 * @typedef {import('./schedule.js').Practice} Practice
 * @typedef {import('./schedule.js').Round} Round
 */

const kAhead = 0.3, kEvery = 60;  // seconds that are handed to the audio clock; milliseconds
const kPatience = 700;            // milliseconds that a start waits for its samples

export class Player {
  constructor() {
    /** @type {AudioContext | undefined} */ this.context = undefined;
    /** @type {Orchestra | undefined} */ this.orchestra_ = undefined;
    this.timer = 0;
    this.playing = false;
    /** @type {Round[]} */ this.past = [];   // rounds handed out, for place()
    /** @type {Practice | undefined} */ this.practice = undefined;
    /** @type {(() => void)[]} */ this.listeners = [];
  }

  /** The orchestra; browsers let it sound only once somebody has clicked. */
  get orchestra() {
    if (!this.orchestra_) {
      this.context = new AudioContext({ latencyHint: 'interactive' });
      this.orchestra_ = new Orchestra(this.context);
    }
    return this.orchestra_;
  }

  /** Plays, in place of what is playing. @param {Performance} performance @param {Practice} practice */
  async play(performance, practice) {
    this.stop();
    const orchestra = this.orchestra;
    const mine = (this.turn = {});
    this.playing = true;
    this.changed();
    const ready = orchestra.prepare(sounds_of(performance, practice));
    await Promise.race([
      Promise.all([ready, /** @type {AudioContext} */ (this.context).resume()]),
      new Promise((done) => setTimeout(done, kPatience)),
    ]);
    if (this.turn !== mine) return;
    this.performance = performance;
    this.practice = practice;
    this.begin(practice);
  }

  /** @param {Practice} practice */
  begin(practice) {
    const context = /** @type {AudioContext} */ (this.context);
    this.start = context.currentTime + 0.05;
    this.source = rounds(/** @type {Performance} */ (this.performance), practice);
    this.past = [];
    /** @type {Round | undefined} */ this.round = undefined;
    this.next_sound = 0;
    this.finished = false;
    clearInterval(this.timer);
    this.timer = setInterval(() => this.hand_out(), kEvery);
    this.hand_out();
  }

  /** Gives the audio clock what sounds within the next moment. */
  hand_out() {
    const context = /** @type {AudioContext} */ (this.context);
    const now = context.currentTime - /** @type {number} */ (this.start);
    while (this.advance(now + kAhead));
    if (this.finished && now > this.end() + 0.1) this.stop();
  }

  /** The next sound, if it is before `until`. @param {number} until */
  advance(until) {
    if (!this.round && !this.next_round()) return false;
    const round = /** @type {Round} */ (this.round);
    if (round.at > until) return false;
    const sound = round.sounds[/** @type {number} */ (this.next_sound)];
    if (!sound) {
      this.round = undefined;
      return !this.finished;
    }
    if (round.at + sound.at > until) return false;
    this.orchestra.play(sound, /** @type {number} */ (this.start) + round.at + sound.at);
    ++/** @type {any} */ (this).next_sound;
    return true;
  }

  next_round() {
    const next = /** @type {Generator<Round>} */ (this.source).next();
    if (next.done) {
      this.finished = true;
      return false;
    }
    this.round = next.value;
    this.past.push(next.value);
    this.next_sound = 0;
    return true;
  }

  end() {
    const last = this.past.at(-1);
    return last ? last.at + last.length : 0;
  }

  /** The second of the performance that is heard now, at the tune's own tempo; nothing in a count-in. */
  place() {
    if (!this.playing || !this.context || this.start === undefined) return undefined;
    const now = this.context.currentTime - this.start - (this.context.outputLatency || 0);
    const round = this.past.findLast((one) => one.at <= now);
    if (!round || !round.rate || now > round.at + round.length) return undefined;
    return round.place + (now - round.at) * round.rate;
  }

  /** How fast it now goes. */
  rate() {
    return this.past.at(-1)?.rate || this.practice?.rate || 1;
  }

  /** Another tempo from this moment on. @param {number} rate */
  set_rate(rate) {
    const place = this.place();
    if (place === undefined || !this.practice) return;
    this.orchestra.silence();
    /** @type {Practice} */
    const practice = { ...this.practice, rate, count_in: false };
    this.practice = practice;
    this.begin({ ...practice, from: place, loop: false });
    if (practice.loop) this.source = this.then(this.source, practice);
  }

  /** The rest of a round, then rounds of the whole loop. */
  *then(/** @type {any} */ rest, /** @type {Practice} */ practice) {
    let at = 0;
    for (const round of rest) {
      yield round;
      at = round.at + round.length;
    }
    for (const round of rounds(/** @type {any} */ (this.performance), practice)) {
      yield { ...round, at: round.at + at };
    }
  }

  stop() {
    this.turn = undefined;
    clearInterval(this.timer);
    this.orchestra_?.silence();
    this.start = undefined;
    if (!this.playing) return;
    this.playing = false;
    this.changed();
  }

  changed() {
    this.listeners.forEach((listener) => listener());
  }
}
