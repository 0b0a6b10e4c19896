// What both doors have in common.

/** Bytes, or the address of a file; packed with gzip or not. */
export type Source = string | URL | ArrayBuffer | ArrayBufferView;

export type Code = 'wrong-input' | 'wrong-request' | 'no-memory' | 'failed';

/** What cannot be done, and why: a sentence that says what was expected and what was found. */
export class LiltError extends Error {
  readonly name: 'LiltError';
  /**
   * 'wrong-input': a text, tune or model that is not what it should be; 'wrong-request': a request or
   * option that cannot be, `field` says which; 'failed': a mistake of the library's own.
   */
  readonly code: Code;
  /** The member of the request or the options that is wrong, or ''. */
  readonly field: string;
}

export interface LoadOptions {
  /** lilt.wasm: its bytes, its address or a module; by default the package's own is fetched. */
  wasm?: Source | WebAssembly.Module;
  /** The most memory that it may take, in MiB: 16 to 2048, by default 1024. */
  memory?: number;
}

/** What is asked for: the options of `lilt compose`, with `_` for `-`. What is left out has its default. */
export interface Request {
  key?: string;
  meter?: string;
  rhythm?: string;
  bars?: number;
  form?: string;
  unit?: string;
  title?: string;
  range?: string;
  /** 'on', 'off', 'any', or those to write over: 'G C D7 G|Em C D7 G'. */
  chords?: string;
  /** How it begins: ABC. */
  start?: string;
  /** A tune in ABC, with one of rewrite, vary, continue and harmonise. */
  tune?: string;
  /** These bars are written anew: '5-8'. */
  rewrite?: string;
  continue?: boolean;
  harmonise?: boolean;
  /** Per cent of its bars that are written anew. */
  vary?: number;
  /** By default 1: another number gives other tunes. */
  seed?: number;
  /** Leaves out the pieces before this number; all others stay as they are. */
  first?: number;
  /** How many pieces. */
  number?: number;
  temperature?: number;
  top_k?: number;
  top_p?: number;
  repetition?: number;
  best_of?: number;
  /** Of a model that knows its tunes: newer than so many per cent of real ones. */
  novel?: number;
  dialect?: string;
  /** Of a model that knows its tunes: pieces tell how new and how typical they are. */
  report?: boolean;
  /** What a later version may know. */
  [other: string]: unknown;
}

export interface Piece {
  number: number;
  seed: number;
  title: string;
  abc: string;
  bits_per_note: number;
  /** So many tunes were drawn for it. */
  drawn: number;
  remarks?: string[];
  /** Key, metre, sections and bars, which `form` takes again. */
  plan?: object;
  longest_run?: number;
  share_known?: number;
  nearest?: string | null;
  similarity?: number;
  novelty_percentile?: number;
  typicality?: number;
}

export interface Finding {
  line: number;
  column: number;
  severity: 'error' | 'warning';
  code: string;
  message: string;
}

export interface SoundOptions {
  /** A name of General MIDI, such as 'fiddle', or its number from 1 to 128. */
  instrument?: string;
  /** Beats a minute. */
  tempo?: number;
}

export interface Note {
  role: 'melody' | 'bass' | 'chords';
  voice: number;
  /** MIDI's number. */
  pitch: number;
  velocity: number;
  /** In whole notes: '3/8'. */
  start: string;
  length: string;
  seconds: number;
  duration: number;
  /** Where it stands in the text, in bytes of UTF-8. */
  bytes: [number, number];
}

export interface Notes {
  title: string;
  instrument: number;
  tempo: { beat: string; per_minute: number };
  seconds: number;
  length: string;
  voices: number;
  notes: Note[];
}

export interface Description {
  parameters: number;
  dialects: string[];
  /** Whether pieces can be told how new they are: `report` and `novel`. */
  knows_tunes: boolean;
  provenance: Record<string, unknown>;
}

export interface ComposeOptions {
  /** Calls it off: what is asked is refused with the signal's reason. */
  signal?: AbortSignal;
}

export interface TakeOptions extends ComposeOptions {
  /** Gets each piece as it comes. */
  take?(piece: Piece): void | Promise<void>;
}
