import type {
  ComposeOptions, Description, Finding, LoadOptions, Notes, Piece, Request, SoundOptions, Source, TakeOptions,
} from './types.js';

export * from './types.js';

/** Lilt on a worker of its own: what `lilt` has, every answer a promise. */
export function load(options?: LoadOptions): Promise<Lilt>;

/** Texts are one tune in ABC notation or several. What is wrong is a promise refused with a LiltError. */
export class Lilt {
  private constructor();
  readonly version: string;
  /** Reads a model; by default the package's own is fetched. */
  open(model?: Source): Promise<Model>;
  /** What is wrong with tunes. */
  check(abc: string | Uint8Array): Promise<Finding[]>;
  /** Tunes in the one way of writing each. */
  canonical(abc: string | Uint8Array): Promise<string>;
  /** Tunes in canonical text, sounding so many semitones higher. */
  transpose(abc: string | Uint8Array, semitones: number): Promise<string>;
  /** The first tune as MusicXML. */
  musicxml(abc: string | Uint8Array, options?: SoundOptions | string): Promise<string>;
  /** The first tune as a standard MIDI file. */
  midi(abc: string | Uint8Array, options?: SoundOptions | string): Promise<Uint8Array>;
  /** The notes of the first tune with their times, for players. */
  notes(abc: string | Uint8Array, options?: SoundOptions | string): Promise<Notes>;
  /** Ends the worker and whatever it has under way. */
  close(): Promise<void>;
}

export class Model {
  private constructor();
  describe(): Promise<Description>;
  /** All pieces at once. */
  compose(request?: Request | string, options?: TakeOptions): Promise<Piece[]>;
  /** The pieces as they come. To leave the loop calls the others off. */
  pieces(request?: Request | string, options?: ComposeOptions): AsyncGenerator<Piece, void, void>;
  /** Gives its memory back. */
  close(): Promise<void>;
}
