// When which note sounds: a performance as written becomes rounds of sounds at the tempo that a person
// plays it at. Nothing here knows of audio, so that it can be tested by itself.

/**
 * @typedef {{time: number, length: number, pitch: number, velocity: number, part: string,
 *            from: number, to: number}} Note  in seconds at the tune's own tempo; places in the text
 * @typedef {{notes: Note[], bars: {time: number, number?: number}[], beats: number[],
 *            length: number, tempo?: number, silent_beats?: boolean}} Performance  no clicks on its beats
 * @typedef {{from: number, to: number, loop: boolean, rate: number, faster: number, most: number,
 *            count_in: boolean}} Practice  which seconds, how fast, how much faster each round
 * @typedef {{at: number, length: number, pitch: number, velocity: number, part: string,
 *            note?: Note}} Sound  `at` is in seconds from the start
 * @typedef {{at: number, place: number, rate: number, length: number, sounds: Sound[]}} Round
 */

const kAlmost = 1e-6;

/** The beats of a stretch. */
function beats_within(/** @type {Performance} */ performance, /** @type {Practice} */ practice) {
  return performance.beats.filter((time) =>
    time >= practice.from - kAlmost && time < practice.to - kAlmost);
}

/** Clicks before the first round: the beats of a whole bar, at the tempo of the round. */
export function count_in(/** @type {Performance} */ performance, /** @type {Practice} */ practice) {
  if (!practice.count_in || performance.beats.length < 2) return { length: 0, sounds: [] };
  const beat = beat_length(performance, practice.from) / practice.rate;
  const beats = beats_of_a_bar(performance);
  /** @type {Sound[]} */
  const sounds = [];
  for (let i = 0; i < beats; ++i) sounds.push(click(i * beat, i === 0));
  return { length: beats * beat, sounds };
}

/** @param {number} at @param {boolean} is_first @returns {Sound} */
const click = (at, is_first) =>
  ({ at, length: 0.05, pitch: is_first ? 1 : 0, velocity: 100, part: 'click' });

/** @param {Performance} performance @param {number} time */
function beat_length(performance, time) {
  const beats = performance.beats;
  let i = beats.findIndex((one) => one > time + kAlmost);
  if (i < 1) i = i < 0 ? beats.length - 1 : 1;
  return beats[i] - beats[i - 1];
}

/** As most bars have them. @param {Performance} performance */
export function beats_of_a_bar(performance) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (let i = 0; i + 1 < performance.bars.length; ++i) {
    const from = performance.bars[i].time - kAlmost, to = performance.bars[i + 1].time - kAlmost;
    const beats = performance.beats.filter((time) => time >= from && time < to).length;
    if (beats > 0) counts.set(beats, (counts.get(beats) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 4;
}

/** The sounds of one time through, from its start; clicks on every beat among them. */
export function sounds_of(/** @type {Performance} */ performance, /** @type {Practice} */ practice) {
  /** @type {Sound[]} */
  const sounds = [];
  for (const note of performance.notes) {
    if (note.time < practice.from - kAlmost || note.time >= practice.to - kAlmost) continue;
    const length = Math.min(note.length, practice.to - note.time);
    sounds.push({
      at: (note.time - practice.from) / practice.rate, length: length / practice.rate,
      pitch: note.pitch, velocity: note.velocity, part: note.part, note,
    });
  }
  const starts = new Set(performance.bars.map((bar) => bar.time.toFixed(4)));
  for (const time of performance.silent_beats ? [] : beats_within(performance, practice)) {
    sounds.push(click((time - practice.from) / practice.rate, starts.has(time.toFixed(4))));
  }
  return sounds.sort((a, b) => a.at - b.at);
}

/**
 * Round after round: one, or as many as are asked for where it is a loop, each faster than the one
 * before by `faster` until it is `most`.
 * @param {Performance} performance @param {Practice} practice
 * @returns {Generator<Round>}
 */
export function* rounds(performance, practice) {
  let at = 0, rate = practice.rate;
  const clicks = count_in(performance, practice);
  if (clicks.length > 0) {
    yield { at, place: practice.from, rate: 0, length: clicks.length, sounds: clicks.sounds };
    at += clicks.length;
  }
  for (;;) {
    const length = (practice.to - practice.from) / rate;
    if (length <= 0) return;
    yield { at, place: practice.from, rate, length,
            sounds: sounds_of(performance, { ...practice, rate }) };
    if (!practice.loop) return;
    at += length;
    rate = Math.max(rate, Math.min(rate + practice.faster, practice.most));
  }
}

/** What sounds of the text between two places, in seconds: the first time through it. */
export function stretch_of(/** @type {Performance} */ performance, /** @type {number} */ from,
                           /** @type {number} */ to) {
  const inside = (/** @type {Note} */ note) =>
    note.part === 'melody' && note.from < to && note.to > from;
  const melody = performance.notes.filter((note) => note.part === 'melody');
  const first = melody.findIndex(inside);
  if (first < 0) return undefined;
  let last = first;
  while (last + 1 < melody.length && inside(melody[last + 1])) ++last;
  const end = melody[last + 1]?.time ?? performance.length;
  return { from: melody[first].time, to: end };
}

/** The seconds of whole bars around a stretch. */
export function whole_bars(/** @type {Performance} */ performance,
                           /** @type {{from: number, to: number}} */ stretch) {
  const times = performance.bars.map((bar) => bar.time);
  const from = times.filter((time) => time <= stretch.from + kAlmost).at(-1) ?? 0;
  const to = times.find((time) => time >= stretch.to - kAlmost) ?? performance.length;
  return { from, to };
}

/** The melody note that sounds at this second, if any. */
export function note_at(/** @type {Performance} */ performance, /** @type {number} */ time) {
  let found;
  for (const note of performance.notes) {
    if (note.time > time + kAlmost) break;
    if (note.part === 'melody' && note.time + note.length > time) found = note;
  }
  return found;
}
