// The beginning: what every page needs at once. All else is fetched when it is needed, from the device.
import {recall} from '#device';
import {onOpen, pathOf, start} from '#router';

/** What a page needs besides its words, by the class of its section. @type {Record<string, () => Promise<{show: (section: HTMLElement) => void}>>} */
const EXTRAS = {
  place: () => import('#cards').then((module) => ({show: () => void whenIdle(module.allCards)})),
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
  if (extra) requestAnimationFrame(() => setTimeout(() => extra().then((module) => module.show(section))));
  if (section.querySelector('.lines')) showCountry(section);
  const sheet = /** @type {HTMLButtonElement | null} */ (section.querySelector('button[data-print]'));
  if (sheet) {
    sheet.hidden = false;
    sheet.onclick = () => print();
  }
});
// a device that has everything is left alone in its first second; one that has nothing begins at once
setTimeout(() => whenIdle(() => {
  import('#keep').then((module) => {
    module.keepWorker();
    module.offerInstall(invited);
  });
}), navigator.serviceWorker?.controller ? 1500 : 0);
whenIdle(() => document.getElementById('reset') && import('#reset').then((module) => module.begin()));

/** @param {() => void} task */
function whenIdle(task) {
  (globalThis.requestIdleCallback ?? setTimeout)(task);
}

/** One card a day, the same for everybody with this deck. */
function showCardOfTheDay() {
  const slot = document.querySelector('#today a');
  const links = [...document.querySelectorAll('.place:not([id="m/know"]) .cues a')];
  const cards = [...new Set(links.map((link) => link.getAttribute('href') ?? ''))].sort();
  if (!(slot instanceof HTMLAnchorElement) || !cards.length) return;
  const now = new Date();
  const day = Math.floor((now.getTime() - now.getTimezoneOffset() * 60_000) / 86_400_000);
  slot.href = cards[(day * 17) % cards.length];
  /** @type {Element} */ (slot.lastElementChild).textContent = links.find((link) => link.getAttribute('href') === slot.getAttribute('href'))?.querySelector('b')?.textContent ?? '';
  slot.parentElement?.setAttribute('data-set', '');
}

/** Only the numbers of the country that was chosen. @param {HTMLElement} section */
function showCountry(section) {
  const country = recall('country');
  const lines = /** @type {NodeListOf<HTMLElement>} */ (section.querySelectorAll('.lines'));
  const known = [...lines].some((block) => block.dataset.country === country);
  for (const block of lines) block.hidden = known && block.dataset.country !== country;
  const choices = /** @type {HTMLElement | null} */ (section.querySelector('.countries'));
  if (choices) import('#settings').then((module) => module.offerCountries(choices, () => showCountry(section)));
}
