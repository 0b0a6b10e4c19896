// Two pages have changed one tune: both are shown, and the person decides.
import { button, el } from './dom.js';
import { small_score } from './score.js';
import { words } from './words.js';

/**
 * @param {any} mine @param {any} theirs  tunes of the book
 * @returns {Promise<'mine' | 'theirs' | 'both' | undefined>}  nothing: not now
 */
export function resolve_conflict(mine, theirs) {
  return new Promise((done) => {
    const dialog = el('dialog', { class: 'conflict', 'aria-labelledby': 'conflict-title' });
    const end = (/** @type {any} */ answer) => () => { dialog.close(); dialog.remove(); done(answer); };
    dialog.addEventListener('cancel', end(undefined));
    dialog.append(el('h2', { id: 'conflict-title' }, words.conflict),
      el('p', {}, words.conflict_help),
      el('div', { class: 'cards' },
        version(words.mine, { ...theirs, ...mine }, button(words.keep_mine, end('mine'))),
        version(words.theirs, theirs, button(words.keep_theirs, end('theirs')))),
      el('div', { class: 'row' }, button(words.keep_both, end('both'), { class: 'main' }),
        button(words.not_now, end(undefined), { class: 'plain' })));
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** @param {string} heading @param {any} tune @param {HTMLElement} choose */
function version(heading, tune, choose) {
  const said = [tune.stars ? words.stars(tune.stars) : '', (tune.tags ?? []).join(', '), tune.notes].filter(Boolean).join(' · ');
  return el('section', { class: 'card' }, el('h3', {}, heading), small_score(tune.abc, tune.title ?? heading, 480),
    el('pre', { class: 'text' }, tune.abc), said && el('p', {}, said), choose);
}
