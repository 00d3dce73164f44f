// The beginning: what every page needs at once. All else is fetched when it is needed, from the device.
import {keyOf, markSheet, onOpen, pathOf, sectionOf, start} from '#router';

/**
 * A device that has everything is left alone in its first second, unless somebody begins to use it; one that has nothing
 * goes on at once. What nobody sees yet waits for this. @type {Promise<unknown>}
 */
const QUIET = new Promise((resolve) => {
  setTimeout(resolve, navigator.serviceWorker?.controller ? 1500 : 0);
  for (const type of ['pointerdown', 'keydown', 'scroll', 'wheel']) addEventListener(type, resolve, {once: true, passive: true});
});

/** @typedef {{show: (section: HTMLElement, quiet: Promise<unknown>) => void, renew?: (section: HTMLElement) => void}} Extra */
/** What a page needs besides its words, by the class of its section. @type {Record<string, () => Promise<Extra>>} */
const EXTRAS = {
  place: () => import('#cards').then((module) => ({
    show: (section) => void QUIET.then(() => whenIdle(() => module.allCards().then(() => markSheet(section)))),
  })),
  card: () => import('#card'),
  search: () => import('#search'),
  pinned: () => import('#pinned'),
  settings: () => import('#settings'),
  tips: () => import('#tips'),
};

/** The browser invites once, maybe before anybody else listens. @type {Promise<Event>} */
const invited = new Promise((resolve) => addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  resolve(event);
}));

start();
document.documentElement.dataset.ready = '';
showCardOfTheDay();
onOpen((section) => {
  const extra = EXTRAS[section.classList[0]];
  // after the paint: nothing that a script adds may hold up the words
  if (extra) requestAnimationFrame(() => setTimeout(() => extra().then((module) => module.show(section, QUIET))));
  if (section.querySelector('.lines')) showCountry(section);
  const sheet = /** @type {HTMLButtonElement | null} */ (section.querySelector('button[data-print]'));
  if (sheet) {
    sheet.hidden = false;
    sheet.onclick = () => printSheet(section);
  }
});
QUIET.then(() => whenIdle(() => {
  import('#keep').then((module) => {
    module.keepWorker();
    module.offerInstall(invited);
  });
  import('#device').then((module) => module.dress()); // chosen before there was a worker to tell
  if (sectionOf('home') && !sectionOf('safety')) import('#cards').then((module) => module.allPlaces());
}));
addEventListener('beforeprint', () => {
  const place = /** @type {HTMLElement | null} */ (document.querySelector('.place[data-open]'));
  if (place) markSheet(place); // asked for before the page had come to it
});
addEventListener('pageshow', ({persisted}) => persisted && renew());
addEventListener('storage', renew);
whenIdle(() => document.getElementById('reset') && import('#reset').then((module) => module.begin()));

/** @param {() => void} task */
function whenIdle(task) {
  (globalThis.requestIdleCallback ?? setTimeout)(task);
}

/** Back out of the browser's memory, or another tab changed something: this page shows what the device remembers now. */
function renew() {
  const section = /** @type {HTMLElement | null} */ (document.querySelector('[data-open]'));
  import('#device').then((module) => module.dress());
  if (!section) return;
  EXTRAS[section.classList[0]]?.().then((module) => module.renew?.(section));
  if (section.querySelector('.lines')) showCountry(section);
}

/** One card a day, the same for everybody with this deck; by a prime number, all have their turn. */
function showCardOfTheDay() {
  const slot = document.getElementById('today');
  const link = slot?.querySelector('a');
  if (!slot || !link) return;
  const days = slot.dataset.days?.split('\n') ?? cardsOfTheDay();
  const now = new Date();
  const day = Math.floor((now.getTime() - now.getTimezoneOffset() * 60_000) / 86_400_000);
  const [id, ...title] = days[(day * 7919) % days.length].split(' ');
  link.href = pathOf(`k/${id}`);
  /** @type {Element} */ (link.lastElementChild).textContent = title.join(' ');
  slot.setAttribute('data-set', '');
}

/** What home may offer, each as "id title": no background, and nothing about safety. Home alone has the list (worker/cut.js). */
function cardsOfTheDay() {
  const cues = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('.place:not([id="m/know"]) .cues a'));
  return [...new Set([...cues].map((cue) => `${keyOf(cue.pathname)?.slice(2)} ${cue.firstChild?.textContent}`))].sort();
}

/** Never without the cards, which may not be here yet. @param {HTMLElement} place */
async function printSheet(place) {
  if (!markSheet(place)) {
    await (await import('#cards')).allCards();
    markSheet(place);
  }
  print();
}

/** Only the numbers of the country that was chosen. @param {HTMLElement} section */
async function showCountry(section) {
  const {recall} = await import('#device');
  const country = recall('country');
  const lines = /** @type {NodeListOf<HTMLElement>} */ (section.querySelectorAll('.lines'));
  const known = [...lines].some((block) => block.dataset.country === country);
  for (const block of lines) block.hidden = known && block.dataset.country !== country;
  const choices = /** @type {HTMLElement | null} */ (section.querySelector('.countries'));
  if (choices) import('#settings').then((module) => module.offerCountries(choices, () => showCountry(section)));
}
