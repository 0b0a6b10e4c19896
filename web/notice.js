// What the page tells in passing: a line at the bottom that screen readers read out.
import { button, el } from './dom.js';
import { words } from './words.js';

const line = el('div', { class: 'notice', role: 'status', 'aria-live': 'polite' });
const spoken = el('div', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
document.body.append(line, spoken);
let timer = 0;

/**
 * Shows a sentence for some seconds, with something to do about it.
 * @param {string} text
 * @param {{text: string, does: () => void}} [action]
 */
export function tell(text, action) {
  clearTimeout(timer);
  line.replaceChildren(el('span', {}, text));
  if (action) line.append(button(action.text, () => { hide(); action.does(); }));
  line.append(button('×', hide, { class: 'plain', 'aria-label': words.close }));
  line.classList.add('shown');
  timer = setTimeout(hide, action ? 12_000 : 6_000);
}

function hide() {
  line.classList.remove('shown');
  line.replaceChildren();
}

/** Tells only those who listen. @param {string} text */
export function say(text) {
  spoken.textContent = text;
}

/** Tells what went wrong. @param {any} error */
export function complain(error) {
  if (error?.name === 'AbortError') return;
  tell(error?.message ?? String(error));
}
