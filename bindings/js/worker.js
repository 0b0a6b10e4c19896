// Lilt on a worker of its own: what lilt.js has, every answer a promise.
import { LiltError } from './errors.js';
import { all } from './pieces.js';
import { absolute } from './source.js';

export { LiltError };

const kThreads = 'node:worker_threads';  // by a name that bundlers leave alone

async function start_worker() {
  if (typeof globalThis.Worker === 'function') {
    return new Worker(new URL('./worker_script.js', import.meta.url), { type: 'module', name: 'lilt' });
  }
  const threads = await import(/* @vite-ignore */ /* webpackIgnore: true */ kThreads);
  return new threads.Worker(new URL('./worker_script.js', import.meta.url));
}

/** Questions to a worker, and its answers. */
class Line {
  #worker;
  #calls = new Map();
  #last = 0;
  #over = null;  // why no more answers come

  constructor(worker) {
    this.#worker = worker;
    const listen = (name, does) => (worker.on ? worker.on(name, does) : worker.addEventListener(name, does));
    listen('message', (message) => this.#hear(worker.on ? message : message.data));
    listen('error', (error) => this.#end(new LiltError('failed', `the worker gave up: ${error.message}`)));
  }

  /** Asks; `take` gets what comes before the answer. */
  ask(question, take = null) {
    return this.begin(question, take).answer;
  }

  /** Asks, and tells how to call it off. */
  begin(question, take) {
    if (this.#over) return { answer: Promise.reject(this.#over), cancel() {} };
    const id = ++this.#last;
    const answer = new Promise((done, fail) => this.#calls.set(id, { done, fail, take }));
    this.#worker.ref?.();  // in Node: there is something to wait for
    try {
      this.#worker.postMessage({ id, ...question });
    } catch (error) {  // a function, a symbol
      this.#forget(id).fail(new LiltError('wrong-request', `expected what a worker can be given: ${error.message}`));
    }
    return { answer, cancel: () => this.#worker.postMessage({ id, cancel: true }) };
  }

  end() {
    this.#end(new LiltError('failed', 'the worker was closed'));
    return this.#worker.terminate();
  }

  #end(why) {
    this.#over ??= why;
    for (const call of this.#calls.values()) call.fail(this.#over);
    this.#calls.clear();
  }

  #forget(id) {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (this.#calls.size === 0) this.#worker.unref?.();
    return call;
  }

  #hear({ id, value, piece, error }) {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    if (piece !== undefined) {
      call.take(piece);
      return;
    }
    this.#forget(id);
    if (error) call.fail(new LiltError(error.code, error.message, error.field));
    else call.done(value);
  }
}

export class Lilt {
  #line;

  constructor(line, version) {
    this.#line = line;
    this.version = version;
  }

  async open(model) {
    return new Model(this.#line, await this.#line.ask({ does: 'open', given: [absolute(model)] }));
  }

  check(abc) { return this.#ask('check', abc); }
  canonical(abc) { return this.#ask('canonical', abc); }
  transpose(abc, semitones) { return this.#ask('transpose', abc, semitones); }
  musicxml(abc, options) { return this.#ask('musicxml', abc, options); }
  midi(abc, options) { return this.#ask('midi', abc, options); }
  notes(abc, options) { return this.#ask('notes', abc, options); }

  /** Ends the worker, and whatever it has under way. */
  async close() { await this.#line.end(); }

  async #ask(does, ...given) { return this.#line.ask({ does, given }); }
}

export class Model {
  #line;
  #model;

  constructor(line, model) {
    this.#line = line;
    this.#model = model;
  }

  describe() { return this.#line.ask({ does: 'describe', model: this.#model }); }

  compose(request, { signal, take } = {}) { return all(this.pieces(request, { signal }), take); }

  async *pieces(request, { signal } = {}) {
    signal?.throwIfAborted();
    const come = [];
    let wake = () => {}, over = null;
    const call = this.#line.begin({ does: 'pieces', model: this.#model, given: [request] },
      (piece) => { come.push(piece); wake(); });
    call.answer.then(() => { over ??= {}; wake(); }, (error) => { over ??= { error }; wake(); });
    const stop = () => { over = { error: signal.reason }; come.length = 0; wake(); };
    signal?.addEventListener('abort', stop);
    try {
      for (;;) {
        while (come.length > 0) yield come.shift();
        if (over?.error) throw over.error;
        if (over) return;
        await new Promise((done) => { wake = done; });
      }
    } finally {
      signal?.removeEventListener('abort', stop);
      call.cancel();
    }
  }

  async close() { await this.#line.ask({ does: 'close', model: this.#model }); }
}

export async function load({ wasm, memory } = {}) {
  const line = new Line(await start_worker());
  try {
    return new Lilt(line, await line.ask({ does: 'load', given: [{ wasm: absolute(wasm), memory }] }));
  } catch (error) {
    await line.end();
    throw error;
  }
}
