// The reader's page: opens what the device has at once, asks the network afterwards, and keeps what it finds.
import {addressOf, erase, find, keep} from '#kept';
import {isKey, SealError, unseal} from '#sealing';
import {element, show} from '#showing';

const RATE = 240; // words a minute
const PATIENCE = 20_000; // ms with a network that does not answer
const PAUSE = 60_000; // ms before who comes back to this page asks again
const LONGEST_WAIT = 2 ** 31 - 1; // ms, of a timer
const id = location.pathname.split('/').pop() ?? '';
let shown = 0;
let over = 0;
let asked = 0;
let extended = false;

open();
addEventListener('hashchange', () => location.reload());
addEventListener('visibilitychange', () => document.visibilityState === 'visible' && shown && again());
addEventListener('online', again);
/** @type {HTMLElement} */ (document.querySelector('.skip')).onclick = toText;
element('retry').onclick = () => location.reload();
element('again').onsubmit = takeLink;
element('sixty').onclick = () => import('#sixty').then((module) => module.begin()); // it is seen at once, so it works at once
for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('.languages a'))) {
  link.href = `/${link.hreflang}/b/${id}${location.hash}`;
}

async function open() {
  const key = location.hash.slice(1);
  if (!/^[\w-]{22}$/.test(id)) return state('gone');
  if (!isKey(key)) return state('key');
  const kept = await find(id);
  if (!kept && sealedHere()) state('gone'); // as far as this device knows; the server may know better
  if (kept && (await opened(kept, key))) {
    await afterPaint();
    extras(key);
  }
  await refresh(key, kept);
  document.documentElement.dataset.kept = '';
}

/** What the server has now; a network that fails or lies changes nothing that is on the device. @param {string} key @param {unknown} kept whether it is, or was */
async function refresh(key, kept) {
  asked = Date.now();
  const answer = await fetch(addressOf(id), {signal: AbortSignal.timeout(PATIENCE)}).catch(() => null); // the very request that the page was sent ahead with
  const told = await answer?.json().catch(() => null);
  if (!told) asked = 0;
  if (answer?.status === 404 && told?.error === 'gone') return gone();
  if (!answer?.ok || !told) return kept || sealedHere() || state('later');
  if (told.revision < shown) return; // an old text again: this device knows better
  const changed = shown > 0 && told.revision > shown;
  if (!shown || changed) {
    if (!(await opened(told, key))) return;
    element('changed').hidden = !changed;
    extras(key);
  }
  await keep(id, told).catch(() => {}); // no storage: it is readable all the same
}

/** Opens and shows a sealed text; false when it does not open. @param {import('#kept').Kept} sealed @param {string} key */
async function opened(sealed, key) {
  try {
    const briefing = await unseal(sealed.sealed, key, `text ${sealed.revision}`, id);
    over = Math.min(Number(briefing.expires) || 0, sealed.expires) * 1000;
    if (over <= Date.now()) return hide();
    state('');
    element('unsent').hidden = true;
    const rest = show({...briefing, expires: over / 1000}, RATE);
    shown = sealed.revision;
    afterPaint().then(() => shown === sealed.revision && rest()); // it may be over, or a newer one here, by then
    setTimeout(look, Math.min(over - Date.now() + 50, LONGEST_WAIT));
    return true;
  } catch (error) {
    if (!shown) state(error instanceof SealError ? error.reason : 'damaged');
    return false;
  }
}

/** It may have been changed or withdrawn while nobody looked at this page. */
async function again() {
  if (isOver()) await look();
  else if (!shown || Date.now() - asked > PAUSE) await refresh(location.hash.slice(1), true);
}

/** Over, by the clock of this device. The server may know better: a briefing can have been prolonged. */
async function look() {
  if (!isOver()) return;
  await hide();
  await refresh(location.hash.slice(1), true);
}

const isOver = () => over > 0 && Date.now() >= over;

/** The server has it no more. A note that waits for a network (noting.js) comes too late for good. */
async function gone() {
  await hide();
  if (tookNote()) element('unsent').hidden = false;
  return false;
}

/** Nothing of it stays on this page or on this device. */
async function hide() {
  for (const name of ['items', 'start', 'here', 'changed', 'steps', 'paper']) element(name).hidden = true;
  for (const part of document.querySelectorAll('.item .text, .person, .facts span, #paper svg')) part.replaceChildren();
  for (const card of document.querySelectorAll('.item details')) card.remove();
  const headline = /** @type {HTMLElement} */ (document.querySelector('h1'));
  headline.textContent = headline.dataset.plain ?? '';
  element('call').hidden = true;
  shown = over = 0;
  extended = false; // should it be prolonged
  state('gone');
  delete document.documentElement.dataset.sixty;
  await erase(id).catch(() => {});
  return false;
}

/** Whether a note waited here; it waits no longer. */
function tookNote() {
  try {
    const name = `houvast.note.${id}`;
    const note = localStorage.getItem(name);
    localStorage.removeItem(name);
    return note !== null && note !== 'sent';
  } catch {
    return false; // nothing is kept here
  }
}

/** Past the bar, without a new address: the key is in this one. @param {Event} event */
function toText(event) {
  event.preventDefault();
  element('main').focus();
}

/** @param {string} name */
function state(name) {
  delete document.body.dataset.waiting;
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-state]'))) {
    part.hidden = part.dataset.state !== name;
  }
}

/** Everything that is not reading comes after it. @param {string} key */
async function extras(key) {
  if (extended) return;
  extended = true;
  const [noting, paper, {keepWorker}, {dress}] = await Promise.all([import('#noting'), import('#paper'), import('#keep'), import('#device'), import('#sixty')]);
  dress();
  noting.begin(id, key);
  paper.draw(/** @type {SVGSVGElement} */ (element('paper').querySelector('svg')), location.href);
  element('paper').hidden = false;
  element('print').onclick = () => print();
  keepWorker();
}

/** The whole link, pasted: this briefing's or another one's, of this site only. @param {SubmitEvent} event */
function takeLink(event) {
  event.preventDefault();
  const given = /** @type {HTMLInputElement} */ (element('link')).value.trim();
  const found = /\/b\/([\w-]{22})#([\w-]{22})$/.exec(given);
  if (found) location.assign(`/${document.documentElement.lang}/b/${found[1]}#${found[2]}`);
}

/** What a page that was kept brings along: its text, or that it is over. */
const sealedHere = () => element('briefing').dataset.sealed;

/** When the words are on the screen; a browser that keeps its paints to itself is not waited for. */
const afterPaint = () => new Promise((done) => {
  new PerformanceObserver(done).observe({type: 'paint', buffered: true});
  setTimeout(done, 500);
});
