// The little that the page must know of ABC text: its header and where its music begins.

/** Where the music begins: behind the line of the first K: field. @param {string} abc */
export function music_begins(abc) {
  const key = /^K:.*$/m.exec(abc);
  if (!key) return 0;
  const end = key.index + key[0].length;
  return Math.min(abc.length, end + 1);
}

/** The text of a header field, such as T. @param {string} abc @param {string} name */
export function field(abc, name) {
  const header = abc.slice(0, music_begins(abc));
  const line = header.split('\n').find((one) => one.startsWith(`${name}:`));
  return line ? line.slice(2).replace(/(^|[^\\])%.*/, '$1').trim() : '';
}

/** @param {string} abc */
export const title = (abc) => field(abc, 'T');

/** The text with another title. @param {string} abc @param {string} text */
export function with_title(abc, text) {
  const line = `T:${text.replace(/[\r\n]+/g, ' ').trim()}`;
  if (/^T:.*$/m.test(abc.slice(0, music_begins(abc)))) return abc.replace(/^T:.*$/m, () => line);
  return /^X:.*\n/.test(abc) ? abc.replace(/^(X:.*\n)/, (x) => `${x}${line}\n`) : `${line}\n${abc}`;
}

/** The text with the X: of another: proposals count on from that of their tune. */
export function with_number_of(/** @type {string} */ abc, /** @type {string} */ other) {
  const number = /^X:.*/.exec(other);
  return number ? abc.replace(/^X:.*/, () => number[0]) : abc;
}

/** A short tune of a stretch of another one: its header with that music. */
export function excerpt(/** @type {string} */ abc, /** @type {number} */ from, /** @type {number} */ to) {
  const header = abc.slice(0, music_begins(abc)).split('\n')
    .filter((line) => /^[XMLKV]:/.test(line)).join('\n');
  const music = abc.slice(from, to).replace(/\s*\n\s*/g, ' ').trim();
  return `${header}\n${music}\n`;
}

/** What has changed between two texts: the stretch between what they begin and end with alike. */
export function difference(/** @type {string} */ before, /** @type {string} */ after) {
  const least = Math.min(before.length, after.length);
  let start = 0;
  while (start < least && before[start] === after[start]) ++start;
  let end = 0;
  while (end < least - start && before.at(-1 - end) === after.at(-1 - end)) ++end;
  return { from: start, to: after.length - end, to_before: before.length - end };
}

/** A name for a MIDI pitch. @param {number} pitch */
export function name_of(pitch) {
  const names = ['C', 'C♯', 'D', 'E♭', 'E', 'F', 'F♯', 'G', 'G♯', 'A', 'B♭', 'B'];
  return `${names[pitch % 12]}${Math.floor(pitch / 12) - 1}`;
}
