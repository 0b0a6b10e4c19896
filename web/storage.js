// What the browser remembers of this page. A browser that remembers nothing is no reason to stop.
// @ts-check

/** @template T @param {string} name @param {T} otherwise @returns {T} */
export function recall(name, otherwise) {
  try {
    const text = localStorage.getItem(`lilt.${name}`);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

/** @param {string} name @param {any} value */
export function remember(name, value) {
  try {
    localStorage.setItem(`lilt.${name}`, JSON.stringify(value));
  } catch {
    // Full, or not allowed.
  }
}
