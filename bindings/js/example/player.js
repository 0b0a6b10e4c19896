// Sound by spessasynth and a SoundFont, which lies beside the page as sound.sf2.
import { Sequencer, WorkletSynthesizer } from 'spessasynth_lib';
import processor from 'spessasynth_lib/dist/spessasynth_processor.min.js?url';

export class Player {
  #sequencer = null;

  /** Begins to play a MIDI file. A page may do so when a person has clicked. */
  async play(midi) {
    this.#sequencer ??= await this.#begin();
    this.#sequencer.loadNewSongList([{ binary: midi.buffer, fileName: 'tune.mid' }]);
    this.#sequencer.play();
  }

  async #begin() {
    const context = new AudioContext();
    await context.audioWorklet.addModule(processor);
    const answer = await fetch(new URL('sound.sf2', document.baseURI));
    if (!answer.ok) throw new Error('There is no SoundFont beside the page: put one there as sound.sf2.');
    const synthesizer = new WorkletSynthesizer(context);
    synthesizer.connect(context.destination);
    await synthesizer.soundBankManager.addSoundBank(await answer.arrayBuffer(), 'main');
    await synthesizer.isReady;
    return new Sequencer(synthesizer);
  }
}
