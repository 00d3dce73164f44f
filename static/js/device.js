// What this device remembers, and nobody else: kept cards, cards seen, what helped, settings. Always by card id.

/**
 * @typedef {object} Kept
 * @property {string[]} pins card ids, newest first
 * @property {string[]} recent card ids, newest first, at most eight
 * @property {Record<string, string[]>} helped per card id the places of what helped the last time
 * @property {string} theme "", "light" or "dark"
 * @property {string} country "" or a country's code
 * @property {boolean} uninvited the install hint was sent away for good
 */

/** @type {Kept} */
const EMPTY = {pins: [], recent: [], helped: {}, theme: '', country: '', uninvited: false};
const PREFIX = 'houvast.';

/**
 * The value of a key; its empty value when storage is off or holds something else than it should.
 * @template {keyof Kept} K
 * @param {K} key
 * @returns {Kept[K]}
 */
export function recall(key) {
  try {
    const value = JSON.parse(localStorage.getItem(PREFIX + key) ?? 'null');
    if (fits(value, EMPTY[key])) return Array.isArray(value) ? /** @type {Kept[K]} */ (renamed(value)) : value;
  } catch {
    // no storage, or not JSON: as if nothing was kept
  }
  return structuredClone(EMPTY[key]);
}

/** By the names that cards have today, as far as the page knows their old ones. @param {string[]} ids */
function renamed(ids) {
  const names = new Map();
  for (const card of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-aliases]'))) {
    for (const old of card.dataset.aliases?.split(' ') ?? []) names.set(old, card.id.slice(2));
  }
  return [...new Set(ids.map((id) => names.get(id) ?? id))];
}

/**
 * Keep a value. False when the device has no room or keeps nothing (private browsing).
 * @template {keyof Kept} K
 * @param {K} key
 * @param {Kept[K]} value
 */
export function remember(key, value) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** The chosen colours onto a page that has others, and into the pages that the worker keeps; the device's own when none are chosen. */
export function dress() {
  const chosen = recall('theme');
  const theme = chosen === 'light' || chosen === 'dark' ? chosen : '';
  document.querySelectorAll('[name=theme-color]').forEach((meta, at) => {
    const own = ['light', 'dark'][at];
    /** @type {HTMLMetaElement} */ (meta).media = theme ? (theme === own ? 'all' : 'not all') : `(prefers-color-scheme: ${own})`;
  });
  const {dataset} = document.documentElement;
  if ((dataset.theme ?? '') === theme) return;
  if (theme) dataset.theme = theme;
  else delete dataset.theme;
  navigator.serviceWorker?.ready.then(({active}) => active?.postMessage({theme}));
}

/** Erase everything of ours, briefings too. */
export function forget() {
  for (const name of ['briefings', 'maker', 'theme']) globalThis.caches?.delete(name);
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // storage is off: there is nothing to erase
  }
}

/** @param {unknown} value @param {unknown} example */
function fits(value, example) {
  if (Array.isArray(example)) return Array.isArray(value) && value.every((item) => typeof item === 'string');
  return value !== null && typeof value === typeof example && !Array.isArray(value);
}
