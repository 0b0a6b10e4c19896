// When notes sound: rounds, tempo, count-in, metronome, stretches. Needs node alone.
import assert from 'node:assert/strict';
import test from 'node:test';
import { beats_of_a_bar, note_at, rounds, stretch_of, whole_bars } from '../../web/schedule.js';
import { difference, excerpt, field, music_begins, with_number_of, with_title } from '../../web/abc.js';

// Two bars of four quarters at 120, a note each, the second bar played twice.
const note = (time, from, part = 'melody') => ({ time, length: 0.5, pitch: 60 + from, velocity: 90, part, from, to: from + 1 });
const performance = {
  notes: [...[0, 1, 2, 3, 4, 5, 6, 7].map((i) => note(i / 2, i)), ...[4, 5, 6, 7].map((i) => note(2 + i / 2, i)),
    note(0, 0, 'bass')].sort((a, b) => a.time - b.time),
  bars: [{ time: 0, number: 1 }, { time: 2, number: 2 }, { time: 4, number: 2 }],
  beats: Array.from({ length: 12 }, (_, i) => i / 2), length: 6,
};
const practice = { from: 0, to: 6, loop: false, rate: 1, faster: 0, most: 1.5, count_in: false };
const take = (generator, count) => Array.from({ length: count }, () => generator.next().value);
const melody = (round) => round.sounds.filter((sound) => sound.part === 'melody');

test('a round has every note at its time', () => {
  const [round, none] = take(rounds(performance, practice), 2);
  assert.equal(none, undefined);
  assert.deepEqual(melody(round).map((sound) => sound.at), performance.notes.filter((one) => one.part === 'melody').map((one) => one.time));
  assert.equal(round.length, 6);
});

test('half the tempo takes twice the time and changes no pitch', () => {
  const [round] = take(rounds(performance, { ...practice, rate: 0.5 }), 1);
  assert.deepEqual(melody(round).slice(0, 3).map((sound) => [sound.at, sound.pitch, sound.length]), [[0, 60, 1], [1, 61, 1], [2, 62, 1]]);
  assert.equal(round.length, 12);
});

test('a loop goes round, faster each time up to its most', () => {
  const all = take(rounds(performance, { ...practice, from: 2, to: 4, loop: true, faster: 0.2, most: 1.3 }), 4);
  assert.deepEqual(all.map((round) => round.rate), [1, 1.2, 1.3, 1.3]);
  assert.equal(all[1].at, 2);
  assert.ok(Math.abs(all[2].at - (2 + 2 / 1.2)) < 1e-9);
  assert.deepEqual(melody(all[3]).map((sound) => sound.pitch), [64, 65, 66, 67]);
});

test('a tempo above the most of a loop stays', () => {
  const all = take(rounds(performance, { ...practice, loop: true, rate: 2, faster: 0.1 }), 2);
  assert.deepEqual(all.map((round) => round.rate), [2, 2]);
});

test('a count-in is a bar of clicks before the first round only', () => {
  const all = take(rounds(performance, { ...practice, loop: true, count_in: true }), 3);
  assert.equal(all[0].sounds.length, 4);
  assert.ok(all[0].sounds.every((sound) => sound.part === 'click'));
  assert.equal(all[1].at, 2);
  assert.equal(all[2].at, 8);
});

test('the metronome clicks on every beat, higher on the first of a bar', () => {
  const [round] = take(rounds(performance, practice), 1);
  const clicks = round.sounds.filter((sound) => sound.part === 'click');
  assert.equal(clicks.length, 12);
  assert.deepEqual(clicks.filter((sound) => sound.pitch === 1).map((sound) => sound.at), [0, 2, 4]);
  assert.equal(beats_of_a_bar(performance), 4);
});

test('a stretch of the text is its first time through', () => {
  assert.deepEqual(stretch_of(performance, 4, 6), { from: 2, to: 3 });
  assert.equal(stretch_of(performance, 20, 30), undefined);
  assert.deepEqual(whole_bars(performance, { from: 2.5, to: 3 }), { from: 2, to: 4 });
  assert.equal(note_at(performance, 4.1).from, 4);
});

test('what sounds over the end of a stretch is cut there', () => {
  const [round] = take(rounds(performance, { ...practice, from: 0, to: 0.75 }), 1);
  assert.equal(melody(round)[1].length, 0.25);
});

const kTune = 'X:3\nT:One\nM:4/4\nL:1/8\nK:D\nABcd|efga|\nbagf|d8|]\n';

test('headers and excerpts of a tune', () => {
  assert.equal(field(kTune, 'K'), 'D');
  assert.equal(kTune.slice(music_begins(kTune)), 'ABcd|efga|\nbagf|d8|]\n');
  assert.equal(field(with_title(kTune, 'Two $& three\nX:9'), 'T'), 'Two $& three X:9');
  assert.equal(with_title('K:D\nA', 'New'), 'T:New\nK:D\nA');
  assert.match(excerpt(kTune, kTune.indexOf('efga'), kTune.indexOf('d8')), /^X:3\nM:4\/4\nL:1\/8\nK:D\nefga\| bagf\|\n$/);
  assert.match(with_number_of('X:7\nT:a', kTune), /^X:3\nT:a/);
});

test('what has changed between two texts', () => {
  assert.deepEqual(difference('abcdef', 'abXYef'), { from: 2, to: 4, to_before: 4 });
  assert.deepEqual(difference('aa', 'aaa'), { from: 2, to: 3, to_before: 2 });
  assert.deepEqual(difference('same', 'same'), { from: 4, to: 4, to_before: 4 });
});
