// Elements, made without ever reading text as HTML.

/**
 * An element. Properties: `class`, `text`, `on` (listeners by event), `data` (data-…); booleans set or
 * leave out an attribute; all others are attributes. Children are nodes, texts, or nothing.
 * @param {string} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Node|string|null|undefined|false)} children
 * @returns {any}
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) set(element, name, value);
  for (const child of children) if (child || child === '') element.append(child);
  return element;
}

/** @param {Element} element @param {string} name @param {any} value */
function set(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === 'text') element.textContent = value;
  else if (name === 'class') element.setAttribute('class', value);
  else if (name === 'on') {
    for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
  } else if (name === 'data') {
    for (const [key, text] of Object.entries(value)) element.setAttribute(`data-${key}`, text);
  } else if (name === 'value') /** @type {any} */ (element).value = value;
  else element.setAttribute(name, value === true ? '' : String(value));
}

const kSvg = 'http://www.w3.org/2000/svg';

/**
 * The same for pictures.
 * @param {string} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Node|string|null|undefined|false)} children
 * @returns {any}
 */
export function svg(tag, properties = {}, ...children) {
  const element = document.createElementNS(kSvg, tag);
  for (const [name, value] of Object.entries(properties)) set(element, name, value);
  for (const child of children) if (child) element.append(child);
  return element;
}

/**
 * A button.
 * @param {string} text
 * @param {(event: Event) => void} does
 * @param {Record<string, any>} [properties]
 */
export function button(text, does, properties = {}) {
  return el('button', { type: 'button', on: { click: does }, ...properties }, text);
}

/**
 * What a form asks, with its label above it.
 * @param {string} text
 * @param {any} control  an element with an id
 * @param {string} [help]
 */
export function labelled(text, control, help) {
  const hint = help ? el('small', { id: `${control.id}-help`, class: 'help' }, help) : null;
  if (hint) control.setAttribute('aria-describedby', hint.id);
  return el('div', { class: 'field' }, el('label', { for: control.id }, text), control, hint);
}

/**
 * A choice of several.
 * @param {Record<string, any>} properties
 * @param {{value: string, text: string}[]} choices
 * @param {string} [chosen]
 */
export function choice(properties, choices, chosen) {
  const control = el('select', properties,
    ...choices.map(({ value, text }) => el('option', { value }, text)));
  if (chosen !== undefined) control.value = chosen;
  return control;
}

/**
 * A box to tick, within its label.
 * @param {string} text
 * @param {boolean} ticked
 * @param {(ticked: boolean) => void} does
 * @param {Record<string, any>} [properties]
 */
export function tick(text, ticked, does, properties = {}) {
  const box = el('input', {
    type: 'checkbox', on: { change: () => does(box.checked) }, ...properties,
  });
  box.checked = ticked;
  return el('label', { class: 'tick' }, box, text);
}

/** Waits until nothing has happened for so long. @param {number} wait @param {(...a: any[]) => void} does */
export function settled(wait, does) {
  let timer = 0;
  return (/** @type {any[]} */ ...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => does(...given), wait);
  };
}

/** Saves bytes under a name. @param {Blob} blob @param {string} name */
export function save_file(blob, name) {
  const link = el('a', { href: URL.createObjectURL(blob), download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The text of a file: UTF-8, or else Latin-1, as old collections are. @param {File} file */
export async function text_of(file) {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

/** Whether keys are for a field and not for the page. @param {EventTarget | null} target */
export function is_typing(target) {
  return target instanceof HTMLElement &&
    target.matches('input:not([type=checkbox]):not([type=range]), textarea, select');
}
