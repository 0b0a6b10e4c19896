// A WebAssembly instance of the C interface (include/lilt/lilt.h): its memory, texts in and out, and
// a new one where it had to give up.
import { LiltError } from './errors.js';

const kCodes = ['', 'wrong-input', 'wrong-request', 'no-memory', 'failed'];
const kPage = 65536, kFirstPages = 256, kMostPages = 32768;

export class Instance {
  #module;
  #pages;
  #memory;
  #exports = null;
  /** How many instances gave up: what lay in their memory is gone. */
  generation = 0;

  /** Of a module, with so many MiB of memory at most. */
  constructor(module, most_memory) {
    if (typeof most_memory !== 'number' || Number.isNaN(most_memory)) {
      throw new LiltError('wrong-request', `expected MiB of memory, found ${String(most_memory)}`, 'memory');
    }
    this.#module = module;
    this.#pages = Math.min(kMostPages, Math.max(kFirstPages, Math.floor(most_memory * 16)));
    this.#begin();
  }

  #begin() {
    try {
      this.#memory = new WebAssembly.Memory({ initial: kFirstPages, maximum: this.#pages });
    } catch (error) {  // each may grow: engines keep room for that, and have no end of it
      throw new LiltError('no-memory', `there is no room for another instance of lilt.wasm: ${error.message}`);
    }
    const ends = (code) => { throw new Error(`it ended with ${code}`); };
    const { exports } = new WebAssembly.Instance(this.#module, {
      env: { memory: this.#memory, emscripten_notify_memory_growth() {} },
      wasi_snapshot_preview1: { proc_exit: ends },
    });
    exports._initialize();
    this.#exports = exports;
  }

  /** Calls a function of the C interface. One that gives up takes the instance with it. */
  call(name, ...given) {
    if (this.#exports === null) this.#begin();
    try {
      return this.#exports[name](...given);
    } catch (error) {
      const is_for_memory = this.#exports.lilt_ran_out() !== 0;
      this.#exports = null;
      ++this.generation;
      throw is_for_memory
        ? this.#no_memory(`the ${this.#mebibytes} MiB of memory are used up`)
        : new LiltError('failed', `the library gave up: ${error.message}`);
    }
  }

  get #mebibytes() { return this.#pages * kPage / 2 ** 20; }

  #no_memory(found) {
    const more = this.#pages < kMostPages ? `; load({ memory: ${2 * this.#mebibytes} }) may take more` : '';
    return new LiltError('no-memory', found + more);
  }

  #room(size) {
    const pointer = this.call('malloc', Math.max(1, size));
    if (pointer === 0) throw this.#no_memory(`the ${this.#mebibytes} MiB of memory have no room for ${size} bytes`);
    return pointer;
  }

  #free(pointer, generation) {
    if (this.generation === generation) this.call('free', pointer);
  }

  /** Calls use(pointer, size) with bytes that lie in the memory meanwhile. */
  with_bytes(bytes, use) {
    const pointer = this.#room(bytes.length), generation = this.generation;
    try {
      new Uint8Array(this.#memory.buffer).set(bytes, pointer);
      return use(pointer, bytes.length);
    } finally {
      this.#free(pointer, generation);
    }
  }

  /** Calls use(pointer) with room for a number of 32 bits, and gives what it gave and the number. */
  with_number(use) {
    const pointer = this.#room(4), generation = this.generation;
    try {
      const value = use(pointer);
      return [value, new DataView(this.#memory.buffer).getInt32(pointer, true)];
    } finally {
      this.#free(pointer, generation);
    }
  }

  #bytes(pointer, size) {
    return new Uint8Array(this.#memory.buffer).slice(pointer, pointer + size);
  }

  /** A C string, up to its NUL. */
  c_text(pointer) {
    const memory = new Uint8Array(this.#memory.buffer);
    return new TextDecoder().decode(memory.slice(pointer, memory.indexOf(0, pointer)));
  }

  /** The bytes of a lilt_result, which is freed; an error is thrown. */
  taken(result) {
    const code = this.call('lilt_result_code', result);
    const bytes = this.#bytes(this.call('lilt_result_text', result), this.call('lilt_result_size', result));
    const field = this.c_text(this.call('lilt_result_field', result));
    this.call('lilt_result_free', result);
    if (code !== 0) throw new LiltError(kCodes[code] ?? 'failed', new TextDecoder().decode(bytes), field);
    return bytes;
  }
}
