// What the maker's device remembers: the briefings that were made on it, with what it takes to change them, and a draft.

/** @typedef {import('#showing').Part} Part */
/**
 * @typedef {object} Draft what is in the form
 * @property {string} title
 * @property {string} name
 * @property {string} phone
 * @property {Record<string, Part>} parts
 * @property {string[]} cards
 * @property {number} days school days, for a briefing that is made from it
 * @property {string} [until] the day that was chosen
 * @property {string} [of] the id of the briefing that it changes
 */
/** @typedef {{id: string, token: string, key: string, revision: number, expires: number, written: number, draft: Draft}} Own */

const OWN = 'houvast.briefings';
const DRAFT = 'houvast.draft';
const ALONG = 'houvast.along';
const MOST = 12;
const OLD = 30 * 86_400_000;

/** @returns {Own[]} newest first */
export const own = () => read(OWN) ?? [];

/** Of what is over only the newest stay; what is still valid can always be changed and withdrawn. @param {Own} briefing */
export function keepOwn(briefing) {
  const all = [briefing, ...own().filter((other) => other.id !== briefing.id)];
  const over = all.filter((one) => one.expires * 1000 <= Date.now());
  const tooMany = over.slice(Math.max(0, over.length + MOST - all.length));
  return write(OWN, all.filter((one) => !tooMany.includes(one)));
}

/** @param {string} id */
export const dropOwn = (id) => write(OWN, own().filter((other) => other.id !== id));

/** @returns {Draft | null} */
export const draft = () => read(DRAFT);

/** @param {Draft | null} value */
export const keepDraft = (value) => write(DRAFT, value);

/** The page in the other language goes on with it: an untouched template, by its id, or the draft (''). @param {string} template */
export function takeAlong(template) {
  try {
    sessionStorage.setItem(ALONG, template);
  } catch {
    // the list says that there is a draft
  }
}

/** What was taken along, once; null for nothing. */
export function takenAlong() {
  try {
    const template = sessionStorage.getItem(ALONG);
    sessionStorage.removeItem(ALONG);
    return template;
  } catch {
    return null;
  }
}

/** Written so long ago that the class may have changed. @param {Own} briefing */
export const isOld = (briefing) => Date.now() - briefing.written > OLD;

/** @param {string} name */
function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null');
  } catch {
    return null;
  }
}

/** @param {string} name @param {unknown} value */
function write(name, value) {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false; // private browsing, or no room: sharing works, changing it later takes the maker's link
  }
}
