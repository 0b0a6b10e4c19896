// What the browser remembers of this page. A browser that remembers nothing is no reason to stop.

/** @template T @param {string} name @param {T} otherwise @returns {T} */
export function recall(name, otherwise) {
  try {
    // A window's own first, so that two of them do not take each other's.
    const text = sessionStorage.getItem(`lilt.${name}`) ?? localStorage.getItem(`lilt.${name}`);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

/** For this window, and for windows to come. @param {string} name @param {any} value */
export function remember(name, value) {
  try {
    const text = JSON.stringify(value);
    sessionStorage.setItem(`lilt.${name}`, text);
    localStorage.setItem(`lilt.${name}`, text);
  } catch {
    // Full, or not allowed.
  }
}

/** Of this window alone. @template T @param {string} name @param {T} otherwise @returns {T} */
export function recall_own(name, otherwise) {
  try {
    return JSON.parse(sessionStorage.getItem(`lilt.${name}`) ?? 'null') ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** For this window alone. What is older is forgotten in any case. @param {string} name @param {any} value */
export function remember_own(name, value) {
  try {
    sessionStorage.removeItem(`lilt.${name}`);
    sessionStorage.setItem(`lilt.${name}`, JSON.stringify(value));
  } catch {
    // Full, or not allowed.
  }
}
