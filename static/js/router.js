// Shows one section of the page at a time. Every link works without this; with it, a section that is on the page opens
// in place, and everything else is an ordinary visit.

const root = document.documentElement;
const main = /** @type {HTMLElement} */ (document.getElementById('main'));
export const language = root.lang;
/** @type {((section: HTMLElement, from: string) => void)[]} */
const listeners = [];
let current = /** @type {HTMLElement | null} */ (main.querySelector('[data-open]'));
/** The address of what is shown. */
let shown = location.pathname;
/** What home is called, which has no name of its own: a page that has home in it began as home. */
const first = document.title;
/** The place (situation, group, all cards) that the reader came through. */
let through = '';

/**
 * The key of an address: "home", "s/anger", "k/keep-recess"; null for an address that is not of this language's pages.
 * @param {string} path
 */
export function keyOf(path) {
  const start = `/${language}/`;
  if (path === start) return 'home';
  return path.startsWith(start) ? decodeURI(path.slice(start.length)) : null;
}

/** @param {string} key */
export const pathOf = (key) => `/${language}/${key === 'home' ? '' : key}`;

/** @param {string | null} key */
export const sectionOf = (key) => (key ? /** @type {HTMLElement | null} */ (document.getElementById(key)) : null);

/** @param {(section: HTMLElement, from: string) => void} listener called with each section that opens, and the place before it */
export function onOpen(listener) {
  listeners.push(listener);
  if (current?.id) listener(current, through);
}

/**
 * Go to an address: in place when its section is here, as a visit when it is not. From card to card is no step on the way
 * back, which leads to where the reader came from.
 * @param {string} path
 */
export function go(path) {
  const section = sectionOf(keyOf(path));
  if (!section) return location.assign(path);
  const {from, y = 0} = history.state ?? {};
  if (isCard(section) && isCard(current)) history.replaceState({through, from}, '', path);
  else {
    if (scrollY !== y) history.replaceState({...history.state, y: scrollY}, '');
    history.pushState({through, from: shown}, '', path);
  }
  arrive(section, 0);
}

/** @param {HTMLElement} section @param {number} y */
function arrive(section, y) {
  shown = location.pathname;
  open(section);
  scrollTo(0, y);
  /** @type {HTMLElement | null} */ (section.querySelector('h1'))?.focus({preventScroll: true});
}

/** @param {HTMLElement} section */
function open(section) {
  if (section !== current) {
    current?.removeAttribute('data-open');
    section.setAttribute('data-open', '');
    current = section;
  }
  root.dataset.kind = section.classList[0];
  root.dataset.moved = '';
  if (isPlace(section)) through = section.id;
  setBars(section);
  for (const listener of listeners) listener(section, through);
}

/** The bars around a section, and the title of the page. @param {HTMLElement} section */
export function setBars(section) {
  const key = section.id;
  document.title = section.dataset.title ? `${section.dataset.title} – Houvast` : first;
  const back = /** @type {HTMLAnchorElement} */ (document.getElementById('back'));
  const behind = isCard(section) ? placeOf(section) : 'home';
  back.href = pathOf(behind);
  back.lastElementChild?.replaceChildren(sectionOf(behind)?.dataset.title || document.getElementById('words')?.dataset.home || '');
  for (const link of document.querySelectorAll('.languages a')) {
    /** @type {HTMLAnchorElement} */ (link).href = pathOf(key).replace(language, /** @type {HTMLAnchorElement} */ (link).hreflang);
  }
  for (const link of document.querySelectorAll('.bottom a')) {
    const here = link.getAttribute('href') === pathOf(key) || (key.includes('/') && link.getAttribute('href') === pathOf('home'));
    link.toggleAttribute('aria-current', false);
    if (here) link.setAttribute('aria-current', 'page');
  }
  for (const place of main.querySelectorAll('.place')) {
    place.toggleAttribute('data-beside', place.id === behind && isCard(section));
  }
}

const isCard = (/** @type {Element | null} */ section) => section?.matches('.card');
const isPlace = (/** @type {Element | null} */ section) => section?.matches('.place, .cards');

/** The cards that are printed with a place; whether all of them are here. @param {HTMLElement} place */
export function markSheet(place) {
  const cards = cardsOf(place);
  const here = [...main.querySelectorAll('.card')].filter((card) => card.toggleAttribute('data-sheet', cards.includes(card.id)));
  return here.length === cards.length;
}

/** The keys of the cards on a place's list, in its order. @param {HTMLElement | null} place */
export const cardsOf = (place) =>
  [.../** @type {NodeListOf<HTMLAnchorElement>} */ (place?.querySelectorAll('.cues a') ?? [])].map((link) => keyOf(link.pathname) ?? '');

/**
 * The place that a card belongs to now: the one that the reader came through, if the card is in it.
 * @param {HTMLElement} card
 */
export function placeOf(card) {
  const own = card.dataset.back ?? '';
  return cardsOf(sectionOf(through)).includes(card.id) ? through : sectionOf(own) ? own : 'home';
}

/** @param {MouseEvent} event */
function onClick(event) {
  const link = /** @type {Element} */ (event.target).closest('a');
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.origin !== location.origin || link.target || link.hash || link.search || !sectionOf(keyOf(link.pathname))) return;
  event.preventDefault();
  if (link.id === 'back' && history.state?.from === link.pathname) history.back();
  else if (link.pathname !== shown) go(link.pathname);
}

/** The place for the next page of this tab, where the same card may be open in another language. @param {string} [place] */
function carried(place) {
  try {
    if (place !== undefined) sessionStorage.through = place;
    return sessionStorage.through;
  } catch {
    // nothing is kept here: a card then belongs to a place of its own
  }
}

/** The place that an earlier page of this tab was in; at rest, because to wake the storage takes a slow phone long. */
export function recallPlace() {
  through ||= carried() ?? '';
}

/** Begin: take over links and the way back. */
export function start() {
  history.scrollRestoration = 'manual';
  document.addEventListener('click', onClick);
  addEventListener('popstate', (event) => {
    if (location.pathname === shown) return; // a step within the page, as to its text
    const section = sectionOf(keyOf(location.pathname));
    if (!section) return location.reload();
    through = event.state?.through ?? through;
    arrive(section, event.state?.y ?? 0);
  });
  addEventListener('pagehide', () => through && carried(through));
  through = history.state?.through ?? '';
  if (current?.id && sectionOf(through)) setBars(current); // else the page came with its bars: a second time would be a second paint
  if (current && isPlace(current)) through = current.id;
}
