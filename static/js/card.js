// A card that is open: keep it, share it, print it, go to the next, rehearse; and the screen stays awake.
import {recall, remember} from '#device';
import {cardsOf, go, onOpen, pathOf, placeOf, recallPlace, sectionOf, setBars} from '#router';

const RECENT = 8;
const SWIPE = 60;
const UNSCALED = 1.01;
const LEGIBLE = 100; // ms for a letter
const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const pin = /** @type {HTMLButtonElement} */ (element('pin'));
const tools = element('tools');
let card = /** @type {HTMLElement | null} */ (null);
/** The only one on the screen, where it came down. @type {{identifier: number, clientX: number, clientY: number} | null} */
let finger = null;
/** @type {WakeLockSentinel | null} */
let awake = null;
let saying = 0;

// at once, although the rest waits for the paint: keys and swipes may follow each other faster
onOpen((section) => (section.classList.contains('card') ? (card = section) : leave()));
pin.onclick = () => card && turn(card);
element('share').onclick = () => share();
element('print').onclick = () => print();
element('rehearse').onclick = async () => card && (await import('#rehearse')).begin(card);
addEventListener('keydown', onKey);
document.addEventListener('click', onBelow);
addEventListener('visibilitychange', () => card && stayAwake());
document.addEventListener('touchstart', onTouch, {passive: true});
document.addEventListener('touchend', onLift, {passive: true});
document.addEventListener('touchcancel', () => (finger = null), {passive: true});

/** @param {HTMLElement} section @param {Promise<unknown>} quiet */
export function show(section, quiet) {
  if (!section.hasAttribute('data-open')) return;
  card = section;
  const id = section.id.slice(2);
  showPin(id);
  pin.disabled = false; // it is there from the first frame: to appear would take a second one
  quiet.then(async () => {
    remember('recent', [id, ...recall('recent').filter((other) => other !== id)].slice(0, RECENT));
    if (card !== section) return;
    stayAwake();
    showTools(section);
    recallPlace();
    if (placeOf(section) !== 'home') return;
    await import('#cards').then(({allCards, allPlaces}) => Promise.all([allCards(), allPlaces()])); // the page came alone
    if (card !== section) return;
    setBars(section);
    showNeighbours(section);
  });
}

/** @param {HTMLElement} section */
export function renew(section) {
  showPin(section.id.slice(2));
  import('#rehearse').then((module) => module.showMarks());
}

/** @param {string} id */
const showPin = (id) => pin.setAttribute('aria-pressed', String(recall('pins').includes(id)));

/** What is below the card: rehearse, share, print, what helped, the next one. @param {HTMLElement} section */
function showTools(section) {
  showNeighbours(section);
  import('#rehearse').then((module) => module.show(section));
  document.documentElement.dataset.tools = '';
}

function leave() {
  card = null;
  awake?.release();
  awake = null;
}

/** Keep a card, or let it go. @param {HTMLElement} section */
function turn(section) {
  const id = section.id.slice(2);
  const pins = recall('pins');
  const kept = !pins.includes(id);
  const saved = remember('pins', kept ? [id, ...pins] : pins.filter((other) => other !== id));
  showPin(id);
  say(!saved ? 'refused' : kept ? 'kept' : 'letGo');
}

async function share() {
  const shared = {title: card?.dataset.title, url: location.origin + location.pathname};
  try {
    if (navigator.share) return await navigator.share(shared);
    await navigator.clipboard.writeText(shared.url);
    say('copied');
  } catch {
    // sent away by the reader, or not allowed here: the address bar has the link too
  }
}

/** A short word at the bottom, read aloud as well. @param {string} word */
export function say(word) {
  const said = element('said');
  const text = element('words').dataset[word] ?? '';
  said.textContent = text;
  said.hidden = false;
  clearTimeout(saying);
  saying = window.setTimeout(() => (said.hidden = true), text.length * LEGIBLE);
}

/** The cards before and after this one in its place. @param {HTMLElement} section @returns {(HTMLElement | null)[]} */
function neighbours(section) {
  const cards = cardsOf(sectionOf(placeOf(section)));
  const at = cards.indexOf(section.id);
  return at < 0 ? [null, null] : [sectionOf(cards[at - 1]), sectionOf(cards[at + 1])];
}

/** @param {HTMLElement} section */
function showNeighbours(section) {
  const [before, after] = neighbours(section);
  for (const [name, neighbour] of /** @type {[string, HTMLElement | null][]} */ ([['before', before], ['next', after]])) {
    const link = /** @type {HTMLAnchorElement} */ (tools.querySelector(`.${name}`));
    link.hidden = !neighbour;
    if (!neighbour) continue;
    link.href = pathOf(neighbour.id);
    /** @type {HTMLElement} */ (link.querySelector('span')).textContent = neighbour.dataset.title ?? '';
  }
  for (const link of document.querySelectorAll('.place[data-beside] .cues a')) {
    link.removeAttribute('aria-current');
    if (link.getAttribute('href') === pathOf(section.id)) link.setAttribute('aria-current', 'page');
  }
}

/** @param {number} step -1 or 1 */
function move(step) {
  const neighbour = card && neighbours(card)[step < 0 ? 0 : 1];
  if (neighbour) go(pathOf(neighbour.id));
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (!card || event.altKey || event.ctrlKey || event.metaKey || event.target instanceof HTMLInputElement) return;
  if (event.key === 'ArrowRight') move(1);
  if (event.key === 'ArrowLeft') move(-1);
}

/** To what is below the face, without a step in the history. @param {MouseEvent} event */
function onBelow(event) {
  const link = /** @type {Element} */ (event.target).closest('.below');
  if (!link || !card) return;
  event.preventDefault();
  showTools(card);
  link.scrollIntoView();
}

/** A swipe is one finger from beginning to end; two make a page larger, and one moves about in a page that is. @param {TouchEvent} start */
function onTouch({touches: [{identifier, clientX, clientY}, another]}) {
  finger = another ? null : {identifier, clientX, clientY};
}

/** @param {TouchEvent} end */
function onLift({changedTouches: [{identifier, clientX, clientY}]}) {
  const start = finger;
  finger = null;
  if (start?.identifier !== identifier || (visualViewport?.scale ?? 1) > UNSCALED) return;
  const across = clientX - start.clientX;
  const down = clientY - start.clientY;
  if (Math.abs(across) > SWIPE && Math.abs(across) > 2 * Math.abs(down)) move(across < 0 ? 1 : -1);
}

async function stayAwake() {
  if (document.visibilityState !== 'visible' || !navigator.wakeLock || (awake && !awake.released)) return;
  try {
    awake = await navigator.wakeLock.request('screen');
    if (!card) leave(); // gone back meanwhile
  } catch {
    // a flat battery or a browser that won't: the card stays readable all the same
  }
}
