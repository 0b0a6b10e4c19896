// Lilt in this thread: tunes are checked and converted at once, and composed in steps, between which
// whoever else has something to do has a turn.
import { LiltError } from './errors.js';
import { Instance } from './instance.js';
import { all } from './pieces.js';
import { bytes_of } from './source.js';

export { LiltError };

const kMostMemory = 1024;  // MiB
const kTurn = 8;           // milliseconds until the others have a turn

const utf8 = new TextEncoder();
const text_of = (bytes) => new TextDecoder().decode(bytes);
const json_of = (bytes) => JSON.parse(text_of(bytes));

const wrong = (what, found) => new LiltError('wrong-input', `expected ${what}, found ${typeof found}`);

function bytes_of_text(text, what) {
  if (typeof text === 'string') return utf8.encode(text);
  if (text instanceof Uint8Array) return text;
  throw wrong(what, text);
}

function json_of_object(given, what) {
  try {
    return JSON.stringify(given);
  } catch (error) {  // a circle, a BigInt
    throw new LiltError('wrong-request', `expected ${what} that can be JSON, found another: ${error.message}`);
  }
}

/** JSON as it is given: as a text or as an object. */
function json_text(given, what) {
  if (typeof given === 'string') return utf8.encode(given);
  if (given === undefined) return utf8.encode('{}');
  if (given !== null && typeof given === 'object') return utf8.encode(json_of_object(given, what));
  throw new LiltError('wrong-request', `expected ${what} as an object, found ${given === null ? 'null' : typeof given}`);
}

/** Lets everybody else have a turn: what a promise alone does not. */
function turn() {
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(0);
  });
}

/** Composes, checks and converts. load() makes one. */
export class Lilt {
  #instance;

  constructor(module, most_memory) {
    this.#instance = new Instance(module, most_memory);
  }

  get version() {
    return this.#instance.c_text(this.#instance.call('lilt_version'));
  }

  async open(model = new URL('./folk.safetensors.gz', import.meta.url)) {
    const bytes = await bytes_of(model);
    return new Model(this.#instance, bytes);
  }

  check(abc) { return json_of(this.#read('lilt_check', abc)); }
  canonical(abc) { return text_of(this.#read('lilt_canonical', abc)); }

  transpose(abc, semitones) {
    if (semitones !== (semitones | 0)) {
      throw new LiltError('wrong-request', `expected whole semitones, found ${semitones}`, 'semitones');
    }
    return text_of(this.#read('lilt_transpose', abc, semitones));
  }

  musicxml(abc, options) { return text_of(this.#play('lilt_musicxml', abc, options)); }
  midi(abc, options) { return this.#play('lilt_midi', abc, options); }
  notes(abc, options) { return json_of(this.#play('lilt_notes', abc, options)); }

  #read(name, abc, ...more) {
    const instance = this.#instance;
    return instance.with_bytes(bytes_of_text(abc, 'a text in ABC notation'),
      (text, size) => instance.taken(instance.call(name, text, size, ...more)));
  }

  #play(name, abc, options) {
    return this.#instance.with_bytes(json_text(options, 'options'), (text, size) => this.#read(name, abc, text, size));
  }
}

/** A model to compose with. Lilt.open() makes one. */
export class Model {
  #instance;
  #bytes;
  #pointer = 0;
  #generation = 0;

  constructor(instance, bytes) {
    this.#instance = instance;
    this.#bytes = bytes;
    this.#opened();
  }

  describe() {
    return json_of(this.#instance.taken(this.#instance.call('lilt_model_describe', this.#opened())));
  }

  compose(request, { signal, take } = {}) { return all(this.pieces(request, { signal }), take); }

  async *pieces(request, { signal } = {}) {
    signal?.throwIfAborted();
    const session = new Session(this.#instance, this.#opened(), request);
    try {
      for (let goes_on = true; goes_on;) {
        const piece = session.work(kTurn);
        goes_on = session.goes_on;
        if (piece !== null) yield piece;
        if (goes_on) await turn();
        signal?.throwIfAborted();
      }
    } finally {
      session.free();
    }
  }

  close() {
    if (this.#pointer !== 0 && this.#generation === this.#instance.generation) {
      this.#instance.call('lilt_model_free', this.#pointer);
    }
    this.#pointer = 0;
    this.#bytes = null;
  }

  /** The model in the instance that there is: opened again where it went with an earlier one. */
  #opened() {
    if (this.#bytes === null) throw new LiltError('wrong-input', 'expected an open model, found a closed one');
    if (this.#pointer !== 0 && this.#generation === this.#instance.generation) return this.#pointer;
    const instance = this.#instance;
    const [, pointer] = instance.with_bytes(this.#bytes, (bytes, size) =>
      instance.with_number((model) => instance.taken(instance.call('lilt_model_open', bytes, size, model))));
    this.#pointer = pointer;
    this.#generation = instance.generation;
    return pointer;
  }
}

/** A request under way. */
class Session {
  #instance;
  #generation;
  #pointer;
  goes_on = true;

  constructor(instance, model, request) {
    const [, pointer] = instance.with_bytes(json_text(request, 'a request'), (text, size) =>
      instance.with_number((session) =>
        instance.taken(instance.call('lilt_session_begin', model, text, size, session))));
    this.#instance = instance;
    this.#generation = instance.generation;
    this.#pointer = pointer;
  }

  /** Goes on for so many milliseconds, or until there is a piece, which it gives. */
  work(milliseconds) {
    const until = performance.now() + milliseconds;
    do {
      const piece = this.#step();
      if (piece.length > 0) return json_of(piece);
    } while (this.goes_on && performance.now() < until);
    return null;
  }

  #step() {
    if (this.#generation !== this.#instance.generation) {
      throw new LiltError('failed', 'what was under way went with the instance that gave up');
    }
    const instance = this.#instance;
    const [bytes, goes_on] = instance.with_number((place) =>
      instance.taken(instance.call('lilt_session_step', this.#pointer, place)));
    this.goes_on = goes_on !== 0;
    return bytes;
  }

  free() {
    if (this.#generation === this.#instance.generation) this.#instance.call('lilt_session_free', this.#pointer);
  }
}

/** The module of what is given: bytes, an address or a module. */
async function module_of(wasm) {
  if (wasm instanceof WebAssembly.Module) return wasm;
  try {
    return await WebAssembly.compile(await bytes_of(wasm));
  } catch (error) {
    if (error instanceof LiltError) throw error;
    throw new LiltError('wrong-input', `expected lilt.wasm, found something else: ${error.message}`);
  }
}

export async function load({ wasm = new URL('./lilt.wasm', import.meta.url), memory = kMostMemory } = {}) {
  return new Lilt(await module_of(wasm), memory);
}
