// What the maker's device remembers: the briefings that were made on it, with what it takes to change them, and drafts.

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
 * @property {number} [after] the revision of that, as it was when the change was begun
 */
/**
 * `tried` are the moments of changes that were sent and not answered; one of them may have arrived.
 * @typedef {{id: string, token: string, key: string, revision: number, expires: number, written: number, draft: Draft, tried?: number[]}} Own
 */
/** @typedef {{slot: string, written: number, draft: Draft}} Waiting a draft, in a slot of its own: none takes the place of another */

const OWN = 'houvast.briefings';
const DRAFTS = 'houvast.drafts';
const ALONG = 'houvast.along';
const MOST = 12;
const OLD = 30 * 86_400_000;

/** @returns {Own[]} newest first */
export const own = () => read(OWN) ?? [];

/** Of what is over only the newest stay; what is still valid can always be changed and withdrawn. @param {Own} briefing */
export function keepOwn(briefing) {
  const all = [briefing, ...own().filter((other) => other.id !== briefing.id)].sort((a, b) => b.written - a.written);
  const over = all.filter((one) => one.expires * 1000 <= Date.now());
  const tooMany = over.slice(Math.max(0, over.length + MOST - all.length));
  return write(OWN, all.filter((one) => !tooMany.includes(one)));
}

/** @param {string} id */
export const dropOwn = (id) => write(OWN, own().filter((other) => other.id !== id));

/** @returns {Waiting[]} newest first */
export const drafts = () => read(DRAFTS) ?? [];

/** @param {string} slot @param {Draft} draft */
export const keepDraft = (slot, draft) => write(DRAFTS, [{slot, written: Date.now(), draft}, ...others(slot)]);

/** @param {string} slot */
export const dropDraft = (slot) => write(DRAFTS, others(slot));

/** @param {string} slot */
const others = (slot) => drafts().filter((waiting) => waiting.slot !== slot);

/** The page in the other language goes on with it. @param {{template?: string, slot?: string}} along an untouched template, or a draft */
export function takeAlong(along) {
  try {
    sessionStorage.setItem(ALONG, JSON.stringify(along));
  } catch {
    // the list says that there is a draft
  }
}

/** What was taken along, once. @returns {{template?: string, slot?: string}} */
export function takenAlong() {
  try {
    const along = sessionStorage.getItem(ALONG);
    sessionStorage.removeItem(ALONG);
    return JSON.parse(along ?? '{}');
  } catch {
    return {};
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
    localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false; // private browsing, or no room: sharing works, changing it later takes the maker's link
  }
}
