// What makes the sounds: samples by pitch from the server, through gains by part, in any audio context
// (one that renders to memory, too).
import { sound_url } from './api.js';

/** @typedef {import('./schedule.js').Sound} Sound */

const kRelease = 0.06;  // seconds in which a note dies away
const kParts = ['melody', 'chords', 'bass', 'click'];

export class Orchestra {
  /** @param {BaseAudioContext} context */
  constructor(context) {
    this.context = context;
    /** @type {Map<string, AudioBuffer | null | Promise<AudioBuffer | null>>} */
    this.samples = new Map();
    /** @type {Record<string, string>} */
    this.instruments = { melody: 'fiddle', chords: 'piano', bass: 'bass' };
    /** @type {Set<AudioScheduledSourceNode>} */
    this.sounding = new Set();
    this.limiter = context.createDynamicsCompressor();
    this.limiter.connect(context.destination);
    /** @type {Record<string, GainNode>} */
    this.gains = {};
    for (const part of kParts) {
      this.gains[part] = context.createGain();
      this.gains[part].connect(this.limiter);
    }
  }

  /** How loud a part is, 0 … 1, from now on. @param {string} part @param {number} volume */
  set_volume(part, volume) {
    this.gains[part].gain.setTargetAtTime(volume, this.context.currentTime, 0.01);
  }

  /** @param {string} part @param {number} pitch */
  key_of(part, pitch) {
    return `${this.instruments[part] ?? this.instruments.chords}/${pitch}`;
  }

  /** The samples of these sounds, fetched once, in the order in which they are needed. */
  async prepare(/** @type {Sound[]} */ sounds) {
    const keys = new Set(sounds.filter((sound) => sound.part !== 'click')
      .map((sound) => this.key_of(sound.part, sound.pitch)));
    await Promise.all([...keys].map((key) => this.sample(key)));
  }

  /** @param {string} key @returns {Promise<AudioBuffer | null>} */
  async sample(key) {
    const known = this.samples.get(key);
    if (known !== undefined) return known;
    const coming = this.fetch_sample(key);
    this.samples.set(key, coming);
    const buffer = await coming;
    this.samples.set(key, buffer);
    return buffer;
  }

  /** @param {string} key */
  async fetch_sample(key) {
    try {
      const [instrument, pitch] = key.split('/');
      const answer = await fetch(sound_url(instrument, Number(pitch)));
      if (!answer.ok) return null;
      return await this.context.decodeAudioData(await answer.arrayBuffer());
    } catch {
      return null;  // a plain tone takes its place
    }
  }

  /** Plays a sound at a time of the context's clock. @param {Sound} sound @param {number} time */
  play(sound, time) {
    const gain = this.context.createGain();
    gain.connect(this.gains[sound.part] ?? this.gains.chords);
    const source = sound.part === 'click' ? this.click(sound) : this.voice(sound);
    const loud = (sound.velocity / 127) ** 1.5;
    const end = time + sound.length;
    gain.gain.setValueAtTime(loud, time);
    gain.gain.setValueAtTime(loud, Math.max(time, end - kRelease / 3));
    gain.gain.exponentialRampToValueAtTime(loud / 500, end + kRelease);
    source.connect(gain);
    source.start(time);
    source.stop(end + kRelease);
    this.sounding.add(source);
    source.onended = () => {
      this.sounding.delete(source);
      gain.disconnect();
    };
  }

  /** @param {Sound} sound @returns {AudioScheduledSourceNode} */
  voice(sound) {
    const buffer = this.samples.get(this.key_of(sound.part, sound.pitch));
    if (!(buffer instanceof AudioBuffer)) return this.tone(sound.pitch);
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    return source;
  }

  /** @param {number} pitch */
  tone(pitch) {
    const source = this.context.createOscillator();
    source.type = 'triangle';
    source.frequency.value = 440 * 2 ** ((pitch - 69) / 12);
    return source;
  }

  /** @param {Sound} sound */
  click(sound) {
    const source = this.context.createOscillator();
    source.type = 'square';
    source.frequency.value = sound.pitch ? 1600 : 1100;
    return source;
  }

  /** Silence, at once. */
  silence() {
    for (const source of this.sounding) {
      source.onended = null;
      source.stop();
      source.disconnect();
    }
    this.sounding.clear();
  }
}
