// What the page plays: rendered to memory, its notes begin when they should and have their pitches.
// sound_test.mjs LILT: the program.
import assert from 'node:assert/strict';
import { assert_calm, open_page, score_is_there, start_browser, start_studio, steps } from './browser.mjs';

const studio = process.env.LILT_STUDIO ? { address: process.env.LILT_STUDIO, end: () => {} } : await start_studio(process.argv[2]);
const browser = await start_browser();
const page = await open_page(await browser.newContext(), studio.address);

// Notes with rests between them, the first two bars played twice; quarters at 120.
const kTune = 'X:1\nT:Far apart\nM:4/4\nL:1/4\nQ:1/4=120\nK:G\n|:G z B z|d z g z:|F z z2|]\n';
const kPitches = [67, 71, 74, 79, 67, 71, 74, 79, 66], kRate = 44100;

/** Plays a part of the tune into memory; where sounds begin there, and their pitches. */
const render = (tune, practice) => page.evaluate(async ([tune, practice, rate]) => {
  const { Orchestra } = await import('/orchestra.js');
  const { rounds } = await import('/schedule.js');
  const { performance_of } = await import('/performance.js');
  const performance = await performance_of(tune);
  const asked = { from: 0, to: performance.length, loop: false, rate: 1, faster: 0, most: 1.5, count_in: false, ...practice };
  const all = [...rounds({ ...performance, silent_beats: true }, asked)];
  const length = all.at(-1).at + all.at(-1).length + 0.5;
  const context = new OfflineAudioContext(1, Math.ceil(length * rate), rate);
  const orchestra = new Orchestra(context);
  orchestra.instruments.melody = practice.instrument ?? 'flute';
  for (const round of all) {
    await orchestra.prepare(round.sounds);
    for (const sound of round.sounds) orchestra.play(sound, round.at + sound.at);
  }
  const samples = (await context.startRendering()).getChannelData(0);
  const known = [...orchestra.samples.values()].every((one) => one instanceof AudioBuffer);
  return { sounds: heard(samples), length, known };

  function heard(samples) {
    const step = Math.round(rate / 200), loud = [];
    for (let i = 0; i + step <= samples.length; i += step) {
      let sum = 0;
      for (let j = i; j < i + step; ++j) sum += samples[j] ** 2;
      loud.push(Math.sqrt(sum / step));
    }
    const most = Math.max(...loud), found = [];
    for (let i = 0, quiet = 10; i < loud.length; ++i) {
      if (loud[i] > most / 12) {
        if (quiet >= 10) found.push({ time: i * step / rate, pitch: pitch(samples, i * step + rate / 10) });
        quiet = 0;
      } else if (loud[i] < most / 40) ++quiet;
    }
    return found;
  }

  function pitch(samples, start) {
    const size = 4096, like = [];
    for (let lag = Math.floor(rate / 1300); lag < rate / 120; ++lag) {
      let sum = 0, one = 0, other = 0;
      for (let i = Math.floor(start); i < start + size; ++i) {
        sum += samples[i] * samples[i + lag];
        one += samples[i] ** 2;
        other += samples[i + lag] ** 2;
      }
      like.push({ lag, value: sum / Math.sqrt(one * other) });
    }
    const most = Math.max(...like.map((each) => each.value));
    const peak = like.findIndex((each, i) => each.value > 0.93 * most && each.value >= (like[i + 1]?.value ?? -1) && i > 0 && each.value >= like[i - 1].value);
    return 69 + 12 * Math.log2(rate / like[Math.max(0, peak)].lag / 440);
  }
}, [tune, practice, kRate]);

function assert_heard(sounds, pitches, times) {
  assert.deepEqual(sounds.map((one) => Math.round(one.pitch)), pitches);
  for (const [i, { time }] of sounds.entries()) {
    assert.ok(Math.abs(time - times[i]) < 0.06, `sound ${i} at ${time}, not at ${times[i]}`);
  }
}

async function as_written() {
  const { sounds, known } = await render(kTune, {});
  assert_heard(sounds, kPitches, kPitches.map((_, i) => i));
  if (!known) console.log('  without samples: plain tones');
}

async function slower() {
  const { sounds } = await render(kTune, { rate: 0.5 });
  assert_heard(sounds, kPitches, kPitches.map((_, i) => 2 * i));
}

async function counted_in() {
  const { sounds } = await render(kTune, { count_in: true, from: 8, to: 10 });
  assert.ok(Math.abs(sounds.at(-1).time - 2) < 0.06);
  assert.equal(Math.round(sounds.at(-1).pitch), 66);
}

try {
  await score_is_there(page);
  await steps([['as written', as_written], ['slower, at the same pitch', slower], ['counted in', counted_in],
    ['no complaints', () => assert_calm(page)]]);
} finally {
  await browser.close();
  await studio.end();
}
