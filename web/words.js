// Every word that a person reads on this page.

/** @param {number} count @param {string} one @param {string} [many] */
const number_of = (count, one, many = `${one}s`) => `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
/** @param {number} seconds */
const duration = (seconds) => seconds < 90 ? number_of(Math.round(seconds), 'second')
  : seconds < 5400 ? number_of(Math.round(seconds / 60), 'minute') : `${(seconds / 3600).toFixed(1)} hours`;

const whole = (/** @type {number} */ count) => count.toLocaleString('en');
const precise = (/** @type {number} */ figure) => figure.toFixed(3);

/** @type {Record<string, (step: any) => string>} */
const steps = {
  composed: (step) => `composed${step.model ? ` by ${step.model}` : ''}, seed ${step.seed}`,
  rewritten: (step) => `bars ${step.bars} written anew`,
  varied: (step) => `varied by ${step.percent} %`,
  harmonised: () => 'chords put under it',
  continued: () => 'went on from there',
  transposed: (step) => `moved ${step.to ? `to ${step.to}` : `by ${step.semitones} semitones`}`,
  typed: () => 'changed by hand',
  renamed: () => 'renamed',
  book: (step) => step.text ?? 'from the tune book',
};

export const words = {
  shortcuts: 'Keys', keys_help: 'All keys (?)', keys_list: [
    ['N', 'another tune'], ['Space', 'play, stop'], ['Enter, double click', 'play from the note'], ['← →', 'note by note'], ['↑ ↓, Ctrl ← →', 'bar by bar'], ['Shift', 'with these, select'],
    ['R', 'write the selected bars anew'], ['1 to 6, 0', 'hear a proposal, the tune as it was'], ['Enter', 'keep the one you heard'], ['L', 'loop'], ['K, Ctrl S', 'keep in the tune book'],
    ['Alt ← →', 'tune before, tune after'], ['Ctrl Z, Ctrl Shift Z', 'undo, redo'], ['Esc', 'nothing selected, no proposal'], ['?', 'these keys']],
  title: 'Lilt studio', skip: 'To the score', close: 'Close', undo: 'Undo', redo: 'Redo', other: 'other',
  nav: 'Views', compose: 'Compose', book: 'Tune book', teach: 'Teach',
  no_server: 'Lilt does not answer. Is lilt studio still running?',
  refused: (/** @type {number} */ status) => `Lilt could not do that (${status}).`,
  nothing_composed: 'No tune came of these wishes.',
  undo_what: (/** @type {string} */ what) => `Undo: ${what}`, redo_what: (/** @type {string} */ what) => `Redo: ${what}`,
  undone: (/** @type {string} */ what) => `Taken back: ${what}`, redone: (/** @type {string} */ what) => `Done again: ${what}`,

  wishes: 'Wishes', any: 'any', another: 'Another tune', again: 'Compose with this seed', more_wishes: 'More wishes', all_wishes: 'Wishes',
  forget_wishes: 'Forget all wishes', lock_seed: 'Keep this seed',
  wish: /** @type {Record<string, string>} */ ({
    rhythm: 'Dance', key: 'Key', meter: 'Metre', bars: 'Bars', temperature: 'Daring', seed: 'Seed', form: 'Form',
    unit: 'Unit length', title: 'Title', range: 'Range', chords: 'Chords', start: 'Opening', model: 'Model',
    top_k: 'Likeliest k only', top_p: 'Likeliest share only', repetition: 'Against repetition',
    best_of: 'Best of', novel: 'New, at least (%)', dialect: 'In the manner of',
  }),
  help: /** @type {Record<string, string>} */ ({
    rhythm: 'jig, reel, waltz …', key: 'D, Am, Gdor …', meter: '6/8, 4/4 …', bars: 'as written',
    temperature: 'below 1 cautious, above 1 bold', seed: 'the same seed, the same tune',
  }),

  earlier: 'Tune before', later: 'Tune after', score: 'Score',
  score_help: 'Arrow keys go from note to note, with Control or up and down from bar to bar, with Shift they select. Space plays, R writes the selected bars anew.',
  selected: (/** @type {any[]} */ bars, /** @type {string} */ text) => bars.length === 0 ? ''
    : `${bars.length === 1 ? `Bar ${bars[0].number}` : `Bars ${bars[0].number} to ${bars[bars.length - 1].number}`}: ${text.slice(0, 80)}`,
  tune_title: 'Title of the tune', untitled: 'Untitled', deeds_of_tune: 'What to do with this tune',
  keep: 'Keep', keep_changes: 'Keep changes', is_kept: 'Kept', kept: 'Kept in the tune book.',
  like_this: 'Like this, but …', like_this_help: 'Its dance, key, metre and form are now your wishes: change what you like.',
  vary: 'Vary', vary_percent: 'Vary by', harmonise: 'Harmonise', rewrite: 'Write these bars anew', go_on: 'Go on from here', go_on_at_end: 'Go on at its end',
  opening: 'Use as opening', opening_help: 'The next tunes begin like this. Clear the opening in the wishes to end that.',
  select_bars_first: 'Select the bars first: click into one, drag over more.',
  selection_tools: 'With what is selected', nothing_selected: 'Select notes or bars in the score to change them.',
  bars_selected: (/** @type {string} */ bars) => bars.includes('-') ? `Bars ${bars}` : bars ? `Bar ${bars}` : 'Pickup',
  export: 'Export', print: 'Print', format: 'Format', being_made: 'Being made …', saved_as: (/** @type {string} */ name) => `Saved as ${name}.`,
  formats: [
    { value: 'pdf', text: 'PDF' }, { value: 'abc', text: 'ABC' }, { value: 'mid', text: 'MIDI' },
    { value: 'musicxml', text: 'MusicXML' }, { value: 'mp3', text: 'MP3' }, { value: 'wav', text: 'WAV' }, { value: 'svg', text: 'SVG' },
  ],
  move: 'Move', transpose: 'Key, range, chord symbols', move_to: 'To key', up: '+1, a semitone up', down: '−1, a semitone down',
  octave_up: '+12, an octave up', octave_down: '−12, an octave down',
  chords_shown: 'Chord symbols', range_of: 'Playable on', no_instrument: 'not asked',
  fits: (/** @type {string} */ name) => `All notes are on the ${name}.`,
  fits_not: (/** @type {number} */ count, /** @type {string} */ name) => `${number_of(count, 'note')} not on the ${name}, marked red.`,
  fit: 'Move it there', fits_never: 'It has too wide a range for that.',
  abc_label: 'ABC notation',
  diagnosis: (/** @type {any} */ one) => `Line ${one.line}: ${one.message}`,
  about: 'What it came from',
  origin: (/** @type {any[]} */ list) => list.map((step) => (steps[step.what] ?? (() => step.what))(step)).join(' → '),
  novelty: (/** @type {any} */ piece) => [
    typeof piece.novelty_percentile === 'number' ? `Newer than ${Math.round(piece.novelty_percentile)} % of real tunes` : '',
    piece.nearest && piece.longest_run > 7 ? `its longest run known from elsewhere has ${piece.longest_run} notes, in “${piece.nearest}”` : '',
  ].filter(Boolean).join('; '),

  play: '▶ Play', stop: '■ Stop', hear: 'Hear', hear_tune: (/** @type {string} */ title) => `Hear ${title || 'this tune'}`, transport: 'Hear', tempo: 'Tempo', loop: 'Loop', practice: 'Practise',
  beats_a_minute: (/** @type {number} */ beats) => `(${beats})`,
  count_in: 'Count in', metronome: 'Metronome', melody: 'Melody', accompaniment: 'Chords',
  faster: 'Faster each round (%)', instrument: 'Melody on', chord_instrument: 'Chords on', nothing_to_hear: 'There are no notes to hear.',

  proposals: 'Proposals', rewrite_title: (/** @type {string} */ bars) => `Bars ${bars}, six ways`, vary_title: (/** @type {number} */ percent) => `Six variations, ${percent} % new`,
  harmonise_title: 'Six harmonies, the likeliest first', go_on_title: 'Six ways to go on',
  proposals_help: 'Press 1 to 6 to hear one, 0 for the tune as it was, Enter to keep the one you heard, Escape for none.',
  proposals_there: (/** @type {number} */ count) => `${number_of(count, 'proposal')}.`, others: 'Six others',
  proposal: (/** @type {number} */ number) => `Proposal ${number}`, hear_number: (/** @type {number} */ number) => `${number} ▶ ${number ? 'Hear' : 'As it was'}`,
  keep_this: 'Keep this', keep_number: (/** @type {number} */ number) => `Keep this, proposal ${number}`, kept_number: (/** @type {number} */ number) => `Proposal ${number} is kept.`,

  by_words: 'Words', by_melody: 'Melody', by_tag: 'Tag', by_stars: 'Stars', sort: 'Order', melody_example: 'D F A d',
  melody_help: 'notes as you remember them, in any key',
  star_choices: [{ value: '', text: 'any' }, ...[1, 2, 3, 4, 5].map((count) => ({ value: String(count), text: `${count} or more` }))],
  nearly: 'No tune has exactly these notes; these are near.',
  sort_choices: [{ value: 'best', text: 'best, then newest' }, { value: 'new', text: 'newest first' }, { value: 'changed', text: 'changed last' }, { value: 'old', text: 'oldest first' }, { value: 'title', text: 'by title' }, { value: 'stars', text: 'most stars' }],
  tunes_found: (/** @type {number} */ count, /** @type {boolean} */ searched) => count > 0 ? number_of(count, 'tune')
    : searched ? 'No tune like that in the book.' : 'The book is empty: keep a tune, or import your own.',
  newer_than: (/** @type {number} */ percent) => `newer than ${Math.round(percent)} %`,
  stars: (/** @type {number} */ count) => number_of(count, 'star'), stars_label: (/** @type {number} */ count) => `${number_of(count ?? 0, 'star')} of 5`,
  details: 'Tags, notes, variants', tags: 'Tags', tags_help: 'with commas between', notes: 'Notes', near: 'Near variants', none_near: 'No tune in the book is near this one.',
  shares: (/** @type {number} */ share) => typeof share === 'number' ? `${Math.round(share * 100)} % alike` : '',
  delete: 'Delete', deleted: (/** @type {string} */ title) => `“${title}” is deleted.`, further: 'More tunes',
  import: 'Import ABC …', imported: (/** @type {number} */ count, /** @type {number} */ refused) => `${number_of(count, 'tune')} imported${refused ? `; ${refused} left out, which have mistakes` : ''}.`,
  export_book: 'Export the book', export_found: 'Export these',
  book_formats: [{ value: 'abc', text: 'ABC' }, { value: 'pdf', text: 'PDF with contents' }, { value: 'mp3.zip', text: 'MP3, zipped' }, { value: 'mid.zip', text: 'MIDI, zipped' }, { value: 'musicxml.zip', text: 'MusicXML, zipped' }],

  conflict: 'Somebody else changed this tune', conflict_help: 'Another page saved this tune since you opened it. Nothing is lost: choose what the book is to hold.',
  another_book: 'That was in another tune book.',
  mine: 'Yours', theirs: 'The other one', keep_mine: 'Keep yours', keep_theirs: 'Keep the other one', keep_both: 'Keep both', not_now: 'Not now',
  my_version: (/** @type {string} */ title) => `${title} (second version)`,

  teach_help: 'Give Lilt tunes of a tradition, and it learns to compose like them.',
  drop_here: 'Drop ABC files here, or', choose_files: 'choose files …', collection_name: 'Name of the collection', collection_name_help: 'otherwise that of the first file',
  reading: 'Reading …', read: (/** @type {string} */ name) => `“${name}” is there.`,
  learn: 'Learn', learn_from: 'From these tunes', no_tunes_yet: 'None are here yet: drop or choose files above.', model_name: 'Name of the model', model_name_help: 'under which you find it again', how: 'How', epochs: 'Epochs', usual: 'usual',
  press_learn: 'Learn', on_from: 'On from', learn_beside: 'Learn beside it',
  takes: (/** @type {number} */ seconds) => `Takes about ${duration(seconds)} on this computer.`,
  really_delete: (/** @type {string} */ name) => `Delete “${name}” for good?`,
  lesson_facts: (/** @type {any} */ lesson) => [(lesson.collections ?? []).join(', '), lesson.from ? `on from ${lesson.from}` : '',
    lesson.tunes ? `${number_of(lesson.tunes.learnt, 'tune')}, ${lesson.tunes.held_out} held out` : ''].filter(Boolean).join(' · '),
  states: /** @type {Record<string, string>} */ ({ starting: 'reads its tunes', learning: 'learning', stopping: 'saves and stops', stopped: 'stopped', done: 'learnt', failed: 'failed' }),
  epoch_of: (/** @type {number} */ epoch, /** @type {number} */ of) => of ? `epoch ${epoch} of ${of}` : `epoch ${epoch}`,
  left: (/** @type {number} */ seconds) => `${duration(seconds)} left`, progress: 'Progress', stop_learning: 'Stop', resume_learning: 'Go on learning',
  samples: 'Tunes on the way', sample_of: (/** @type {number} */ epoch) => `After epoch ${epoch}`, curves: 'Bits per character: the fewer, the better',
  curve_valid: 'tunes it never saw', curve_loss: 'tunes it learns', epochs_axis: 'epoch',
  models: 'Models', use_model: 'Compose with it', model_chosen: (/** @type {string} */ name) => `Tunes now come from ${name}.`,
  model: 'Model', evaluate: 'Evaluate', compare: 'Compare', compare_with: 'Compare with', export_model: 'Export', measuring: 'Measuring …',
  epochs_learnt: (/** @type {number} */ count) => `${number_of(count, 'epoch')} learnt`,
  parameters: (/** @type {number} */ count) => `${count.toLocaleString('en')} parameters`,
  tunes: (/** @type {number} */ count) => number_of(count, 'tune'), notes_each: (/** @type {number} */ count) => `mostly some ${count} notes`,
  duplicates: (/** @type {number} */ count) => number_of(count, 'duplicate'),
  correct: 'Correct', keys: 'Keys', metres: 'Metres', rhythms: 'Dances', last_notes: 'Last notes', problems: 'What is wrong',
  // What is told of a model that was measured, in this order: its name, and how it reads.
  measures: /** @type {Record<string, [string, (value: any, row: any) => string]>} */ ({
    learnt_from: ['Learnt from', (files) => files.map((/** @type {string} */ file) => file.replace(/\.(abc|txt)$/, '')).join(', ')],
    created: ['Learnt on', (seconds) => new Date(1000 * seconds).toLocaleDateString('en', { dateStyle: 'medium' })],
    epoch: ['Epochs learnt', whole], learnt_characters: ['Characters an epoch', whole],
    parameters: ['Parameters', whole], bytes: ['Size', (bytes) => `${(bytes / 1e6).toFixed(1)} MB`],
    tunes: ['Tunes measured by', whole],
    tunes_known: ['… learnt before', (known) => known > 0 ? `${whole(known)}: these are too easy for it` : whole(known)],
    notes: ['Notes', whole],
    bits_per_character: ['Bits per character', precise], bits_per_note: ['Bits per note', precise],
    bits_per_note_difference: ['More bits per note', precise],
  }),

  deeds: {
    typed: 'typing', composed: 'another tune', rewritten: (/** @type {string} */ bars) => `bars ${bars} written anew`, varied: 'a variation', harmonised: 'chords',
    continued: 'going on', transposed: 'moving the tune', renamed: 'the title', kept: 'keeping the tune', opened: 'opening a tune', deleted: 'deleting a tune',
    starred: 'stars', tagged: 'tags', noted: 'notes', wished: 'wishes',
  },
};
