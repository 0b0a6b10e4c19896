// A tune that is composed, seen and heard in this page alone: its files can lie on any web server.
import abcjs from 'abcjs';
import { load } from 'lilt/worker';

import { Player } from './player.js';

const element = (id) => document.getElementById(id);
const form = document.querySelector('form');
const player = new Player();

let under_way = null;  // how to call off what is being composed
let tune = null;       // ABC

const ready = load().then(async (lilt) => ({ lilt, model: await lilt.open() }));

function say(text) {
  element('message').textContent = text;
}

function offer(id, bytes, type) {
  const link = element(id);
  URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(new Blob([bytes], { type }));
  link.hidden = false;
}

async function show(lilt, piece) {
  tune = piece.abc;
  element('abc').textContent = tune;
  abcjs.renderAbc('score', tune, { responsive: 'resize' });
  offer('midi', await lilt.midi(tune), 'audio/midi');
  offer('musicxml', await lilt.musicxml(tune), 'application/vnd.recordare.musicxml+xml');
  element('play').disabled = false;
}

/** What is filled in. */
function request() {
  const { seed, ...wishes } = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));
  return seed === undefined ? wishes : { ...wishes, seed: Number(seed) };
}

async function compose() {
  under_way?.abort();
  under_way = new AbortController();
  const { signal } = under_way;
  element('stop').disabled = false;
  say('Composing…');
  try {
    const { lilt, model } = await ready;
    for await (const piece of model.pieces(request(), { signal })) {
      await show(lilt, piece);
      say(piece.title);
    }
  } catch (error) {
    if (!signal.aborted) say(`${error.field ?? ''} ${error.message}`.trim());
    else if (signal === under_way.signal) say('Stopped');
  } finally {
    element('stop').disabled = true;
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  compose();
});
element('stop').addEventListener('click', () => under_way?.abort());
element('play').addEventListener('click', async () => {
  const { lilt } = await ready;
  await player.play(await lilt.midi(tune)).catch((error) => say(error.message));
});
