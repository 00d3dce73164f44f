// Shows one section of the page at a time. Every link works without this; with it, a section that is on the page opens
// in place, and everything else is an ordinary visit.

const root = document.documentElement;
const main = /** @type {HTMLElement} */ (document.getElementById('main'));
export const language = root.lang;
/** @type {((section: HTMLElement, from: string) => void)[]} */
const listeners = [];
let current = /** @type {HTMLElement | null} */ (main.querySelector('[data-open]'));
/** What home is called, which has no name of its own: a page that has home in it began as home. */
const first = document.title;
/** The place (situation, group) that the reader came through. */
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
 * Go to an address: in place when its section is here, as a visit when it is not.
 * @param {string} path
 */
export function go(path) {
  const section = sectionOf(keyOf(path));
  if (!section) return location.assign(path);
  history.replaceState({...history.state, y: scrollY}, '');
  history.pushState({through}, '', path);
  open(section);
  scrollTo(0, 0);
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
  if (section.dataset.cards) through = section.id;
  setBars(section);
  for (const listener of listeners) listener(section, through);
}

/** The bars around a section, and the title of the page. @param {HTMLElement} section */
function setBars(section) {
  const key = section.id;
  document.title = section.dataset.title ? `${section.dataset.title} – Houvast` : first;
  const back = /** @type {HTMLAnchorElement} */ (document.getElementById('back'));
  const behind = section.classList.contains('card') ? placeOf(section) : 'home';
  back.href = pathOf(behind);
  back.lastElementChild?.replaceChildren(sectionOf(behind)?.dataset.title || document.getElementById('words')?.dataset.all || '');
  for (const link of document.querySelectorAll('.languages a')) {
    /** @type {HTMLAnchorElement} */ (link).href = pathOf(key).replace(language, /** @type {HTMLAnchorElement} */ (link).hreflang);
  }
  for (const link of document.querySelectorAll('.bottom a')) {
    const here = link.getAttribute('href') === pathOf(key) || (key.includes('/') && link.getAttribute('href') === pathOf('home'));
    link.toggleAttribute('aria-current', false);
    if (here) link.setAttribute('aria-current', 'page');
  }
  for (const place of main.querySelectorAll('.place')) {
    place.toggleAttribute('data-beside', place.id === behind && section.classList.contains('card'));
  }
  if (section.classList.contains('place')) markSheet(section);
}

/** The cards that are printed with a place; whether all of them are here. @param {HTMLElement} place */
export function markSheet(place) {
  const cards = (place.dataset.cards ?? '').split(' ');
  const here = [...main.querySelectorAll('.card')].filter((card) => card.toggleAttribute('data-sheet', cards.includes(card.id.slice(2))));
  return here.length === cards.length;
}

/**
 * The place that a card belongs to now: the one that the reader came through, if the card is in it.
 * @param {HTMLElement} card
 */
export function placeOf(card) {
  const cards = sectionOf(through)?.dataset.cards?.split(' ') ?? [];
  const own = card.dataset.back ?? '';
  return cards.includes(card.id.slice(2)) ? through : sectionOf(own) ? own : 'home';
}

/** @param {MouseEvent} event */
function onClick(event) {
  const link = /** @type {Element} */ (event.target).closest('a');
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.origin !== location.origin || link.target || link.hash || link.search || !sectionOf(keyOf(link.pathname))) return;
  event.preventDefault();
  if (link.pathname !== location.pathname) go(link.pathname);
}

/** Begin: take over links and the way back. */
export function start() {
  history.scrollRestoration = 'manual';
  document.addEventListener('click', onClick);
  addEventListener('popstate', (event) => {
    const section = sectionOf(keyOf(location.pathname));
    if (!section) return location.reload();
    through = event.state?.through ?? '';
    open(section);
    scrollTo(0, event.state?.y ?? 0);
  });
  through = history.state?.through ?? '';
  if (current?.id && sectionOf(through)) setBars(current); // else the page came with its bars: a second time would be a second paint
  if (current?.dataset.cards) through = current.id;
}
