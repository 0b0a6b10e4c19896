import type {
  ComposeOptions, Description, Finding, LoadOptions, Notes, Piece, Request, SoundOptions, Source, TakeOptions,
} from './types.js';

export * from './types.js';

/** Lilt in this thread. What it has is used by this thread alone. */
export function load(options?: LoadOptions): Promise<Lilt>;

/** Texts are one tune in ABC notation or several. What is wrong is thrown, as a LiltError. */
export class Lilt {
  private constructor();
  readonly version: string;
  /** Reads a model; by default the package's own is fetched. Its bytes are kept and must not be changed. */
  open(model?: Source): Promise<Model>;
  /** What is wrong with tunes. */
  check(abc: string | Uint8Array): Finding[];
  /** Tunes in the one way of writing each. */
  canonical(abc: string | Uint8Array): string;
  /** Tunes in canonical text, sounding so many semitones higher. */
  transpose(abc: string | Uint8Array, semitones: number): string;
  /** The first tune as MusicXML. */
  musicxml(abc: string | Uint8Array, options?: SoundOptions | string): string;
  /** The first tune as a standard MIDI file. */
  midi(abc: string | Uint8Array, options?: SoundOptions | string): Uint8Array;
  /** The notes of the first tune with their times, for players. */
  notes(abc: string | Uint8Array, options?: SoundOptions | string): Notes;
}

export class Model {
  private constructor();
  describe(): Description;
  /** All pieces at once. In between, whoever else has something to do in this thread has a turn. */
  compose(request?: Request | string, options?: TakeOptions): Promise<Piece[]>;
  /** The pieces as they come. Composing goes on when the next one is asked for; to leave ends it. */
  pieces(request?: Request | string, options?: ComposeOptions): AsyncGenerator<Piece, void, void>;
  /** Gives its memory back. */
  close(): void;
}
