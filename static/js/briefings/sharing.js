// What a maker does with a sealed briefing: send it to the server, share its link, read notes, withdraw it.
import {dayOf, schoolDays} from '#days';
import {drafts, dropDraft, dropOwn, isOld, keepOwn, own} from '#drafts';
import {draw} from '#paper';
import {seal, unseal} from '#sealing';

/** @typedef {import('#drafts').Own} Own */

const STEP = 2048;
const MOST = 16 * 1024;
const PATIENCE = 20_000; // ms with a network that does not answer
const NOTED = 14 * 86_400_000; // ms that the notes of a briefing outlive it
const DOUBLE = 700; // ms between two taps that may be one
const language = document.documentElement.lang;
const MOMENT = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23'});
const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const address = (/** @type {string} */ id) => `/api/briefings/${id}`;

/** @param {Own} briefing */
export const readersLink = (briefing) => `${location.origin}/${language}/b/${briefing.id}#${briefing.key}`;

/** @param {Own} briefing */
const makersLink = (briefing) => `${location.origin}/${language}/briefings/#${briefing.token}.${briefing.key}`;

/**
 * Seal a text and send it. "" when it is there, else the word for what went wrong.
 * @param {Own} briefing with the new revision and expiry
 * @param {number} after the revision that is there now, 0 for none
 * @param {import('#showing').Briefing} text
 */
export async function send(briefing, after, text) {
  const sealed = await seal(text, briefing.key, `text ${briefing.revision}`, briefing.id, STEP);
  if ((sealed.length * 3) / 4 > MOST) return 'long';
  const body = JSON.stringify({revision: briefing.revision, after, expires: briefing.expires, sealed});
  const answer = await ask(briefing, '', {method: 'PUT', body});
  if (answer?.ok) return '';
  return !answer || answer.status >= 500 && answer.status !== 507 ? 'later' : {404: 'gone', 409: 'behind', 413: 'long', 429: 'often', 507: 'full'}[answer.status] ?? 'refused';
}

/** A request that only the maker may make; null without a network. @param {Own} briefing @param {string} more @param {RequestInit} options */
const ask = (briefing, more, options) =>
  fetch(address(briefing.id) + more, {...options, signal: AbortSignal.timeout(PATIENCE), headers: {authorization: `Bearer ${briefing.token}`, 'content-type': 'application/json'}}).catch(() => null);

/** The link, its QR code, and ways to hand them over. @param {Own} briefing @param {boolean} changed whoever has the link has it still */
export function showShare(briefing, changed) {
  const panel = element('share');
  const done = /** @type {HTMLElement} */ (panel.querySelector('.done span'));
  done.textContent = (changed ? done.dataset.changed : done.dataset.new) ?? '';
  const which = element('which');
  const until = (which.dataset.words ?? '').replace('{n}', MOMENT.format(briefing.expires * 1000));
  which.textContent = [briefing.draft.title, until].filter(Boolean).join(' · ');
  const link = readersLink(briefing);
  /** @type {HTMLInputElement} */ (element('address')).value = link;
  /** @type {HTMLInputElement} */ (element('own')).value = makersLink(briefing);
  /** @type {HTMLAnchorElement} */ (element('open')).href = link;
  draw(/** @type {SVGSVGElement} */ (panel.querySelector('.qr svg')), link);
  const kept = own().some(({id}) => id === briefing.id);
  element('unkept').hidden = kept;
  /** @type {HTMLDetailsElement} */ (panel.querySelector('details')).open = !kept;
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (panel.querySelectorAll('button[data-do]'))) {
    button.hidden = button.dataset.do === 'share' && !('share' in navigator);
    button.classList.toggle('quiet', button.dataset.do === 'copy' ? 'share' in navigator : button.dataset.do !== 'share');
    button.onclick = () => (button.dataset.do === 'share' ? navigator.share({url: link}).catch(() => {}) : copy(button.dataset.do === 'copy' ? 'address' : 'own'));
  }
}

/** The link that a field holds; where it cannot be copied it is selected. @param {string} field */
async function copy(field) {
  const link = /** @type {HTMLInputElement} */ (element(field));
  try {
    await navigator.clipboard.writeText(link.value);
    say('copied');
  } catch {
    link.select();
  }
}

/** A short word at the bottom, read aloud as well. @param {string} word */
export function say(word) {
  const said = element('said');
  said.textContent = said.dataset[word] ?? '';
  said.hidden = false;
  setTimeout(() => (said.hidden = true), 3000);
}

/** What was begun and not sealed. @param {(waiting: import('#drafts').Waiting) => void} goOn */
export function showDrafts(goOn) {
  element('drafts').replaceChildren(...drafts().map((waiting) => draftRow(waiting, goOn)));
}

/** @param {import('#drafts').Waiting} waiting @param {(waiting: import('#drafts').Waiting) => void} goOn */
function draftRow(waiting, goOn) {
  const made = /** @type {HTMLElement} */ (element('a-draft').cloneNode(true));
  made.removeAttribute('id');
  const [on, remove] = made.querySelectorAll('button');
  const [title, small] = /** @type {NodeListOf<HTMLElement>} */ (on.querySelectorAll('b, small'));
  if (waiting.draft.title) title.textContent = waiting.draft.title;
  small.textContent = (small.dataset.words ?? '').replace('{n}', MOMENT.format(waiting.written));
  remove.setAttribute('aria-label', (remove.getAttribute('aria-label') ?? '').replace('{n}', () => waiting.draft.title || (small.textContent ?? '')));
  on.onclick = () => goOn(waiting);
  remove.onclick = () => {
    if (!isSure(remove)) return;
    dropDraft(waiting.slot);
    showDrafts(goOn);
    /** @type {HTMLElement} */ (document.querySelector('#drafts button') ?? document.querySelector('h1')).focus();
  };
  return made;
}

/** Nothing is thrown away by one stray tap, nor by a double one. @param {HTMLButtonElement} button */
export function isSure(button) {
  if (button.hasAttribute('data-asked')) return !button.hasAttribute('aria-disabled');
  button.setAttribute('data-asked', '');
  button.setAttribute('aria-disabled', 'true');
  setTimeout(() => button.removeAttribute('aria-disabled'), DOUBLE);
  button.removeAttribute('aria-label'); // it says it in words now
  /** @type {HTMLElement} */ (button.querySelector('span')).textContent = button.dataset.sure ?? '';
  return false;
}

/** @typedef {(what: 'show' | 'change' | 'copy', briefing: Own) => void} Act */

/** The briefings that were made on this device; what another device did to them is asked for. @param {Act} act */
export function showList(act) {
  const all = own();
  element('mine').hidden = element('last').hidden = !all.length;
  const isPast = (/** @type {Own} */ briefing) => briefing.expires * 1000 + NOTED < Date.now();
  element('list').replaceChildren(...all.filter((briefing) => !isPast(briefing)).map((briefing) => row(briefing, act)));
  const past = all.filter(isPast).map((briefing) => row(briefing, act));
  element('past').hidden = !past.length;
  element('past').querySelector('div')?.replaceChildren(...past);
  for (const briefing of all) renew(briefing).then((renewed) => renewed && showList(act));
}

/** @param {Own} briefing @param {Act} act */
function row(briefing, act) {
  const made = /** @type {HTMLElement} */ (element('row').cloneNode(true));
  made.removeAttribute('id');
  made.hidden = false;
  const over = briefing.expires * 1000 <= Date.now();
  const when = MOMENT.format(briefing.expires * 1000);
  /** @type {HTMLElement} */ (made.querySelector('h3')).textContent = briefing.draft.title || when;
  const written = /** @type {HTMLElement} */ (made.querySelector('.written')); // two may have one name
  written.textContent = (written.dataset.words ?? '').replace('{n}', MOMENT.format(briefing.written));
  for (const state of /** @type {NodeListOf<HTMLElement>} */ (made.querySelectorAll('[data-state]'))) {
    state.hidden = {valid: over, over: !over, old: !isOld(briefing)}[state.dataset.state ?? ''] ?? true;
    if (state.dataset.words) state.textContent = state.dataset.words.replace('{n}', when);
  }
  for (const button of made.querySelectorAll('button')) {
    const what = button.dataset.do;
    button.hidden = over ? what !== 'copy' && what !== 'remove' : what === 'remove';
    button.onclick = what === 'withdraw' || what === 'remove' ? () => drop(briefing, button, act) : () => act(/** @type {'show'} */ (what), briefing);
  }
  showNotes(briefing, /** @type {HTMLElement} */ (made.querySelector('.notes')));
  return made;
}

/**
 * A withdrawn one is gone here only when it is gone there. One that is over is taken off this list and nothing more: another
 * device may have prolonged it.
 * @param {Own} briefing @param {HTMLButtonElement} button @param {Act} act
 */
async function drop(briefing, button, act) {
  if (!isSure(button)) return;
  if (button.dataset.do === 'withdraw') {
    const answer = await ask(briefing, '', {method: 'DELETE'});
    if (answer?.status !== 204) return say('later');
    say('withdrawn');
  }
  dropOwn(briefing.id);
  showList(act);
  /** @type {HTMLElement} */ (document.querySelector('h1')).focus();
}

/** What another device made of a briefing is known here from now on; whether that was something else. @param {Own} briefing */
export async function renew({id, token, key}) {
  const there = await take(id, token, key).catch(() => undefined); // no network: it stays as it is known
  const here = own().find((one) => one.id === id);
  if (!here || there === undefined || there && there.revision < here.revision) return false;
  const expires = there?.expires ?? Math.min(here.expires, Math.floor(Date.now() / 1000)); // withdrawn, or over
  if (expires === here.expires && (there ?? here).revision === here.revision) return false;
  return keepOwn({...here, ...there, expires});
}

/** What readers wrote back. @param {Own} briefing @param {HTMLElement} list */
async function showNotes(briefing, list) {
  const words = element('moods').dataset;
  const answer = await ask(briefing, '/notes', {});
  const told = await answer?.json().catch(() => null);
  const lines = answer?.status === 404 ? [] : told?.notes ? await Promise.all(told.notes.map(opened)) : [words.unasked];
  for (const text of lines.filter(Boolean)) {
    const line = document.createElement('li');
    line.textContent = text;
    list.append(line);
    list.hidden = false;
  }

  /** @param {string} sealed */
  async function opened(sealed) {
    const note = await unseal(sealed, briefing.key, 'note', briefing.id).catch(() => null);
    if (!note) return ''; // not sealed with this key: somebody else's rubbish
    const at = new Date(note.at); // whoever has the key wrote it, so it may be anything
    const when = isNaN(at.getTime()) ? '' : `${MOMENT.format(at)} –`;
    return [when, words[note.mood], words[note.helped], String(note.words ?? '').slice(0, 140)].filter(Boolean).join(' ');
  }
}

/** A briefing from the maker's link, as this device would have it; null when it is not there. Throws TypeError without a network, and SealError. @param {string} id @param {string} token @param {string} key @returns {Promise<Own | null>} */
export async function take(id, token, key) {
  const answer = await fetch(address(id), {cache: 'no-store', signal: AbortSignal.timeout(PATIENCE)}).catch(() => null);
  if (answer?.status === 404) return null;
  if (!answer?.ok) throw new TypeError('it could not be asked for');
  const {revision, expires, sealed} = await answer.json();
  const text = await unseal(sealed, key, `text ${revision}`, id);
  const until = dayOf(expires);
  const cards = text.cards.map((/** @type {{id: string}} */ card) => card.id);
  const draft = {title: text.title.text, ...text.person, parts: text.parts, cards, until, days: schoolDays(until)};
  return {id, token, key, revision, expires, written: text.made, draft};
}
