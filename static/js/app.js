// The beginning: what every page needs at once. All else is fetched when it is needed, from the device.
import {recall} from '#device';
import {onOpen, pathOf, start} from '#router';

/** What a page needs besides its words, by the class of its section. @type {Record<string, () => Promise<{show: (section: HTMLElement) => void}>>} */
const EXTRAS = {
  card: () => import('#card'),
  search: () => import('#search'),
  pinned: () => import('#pinned'),
  settings: () => import('#settings'),
};

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
(globalThis.requestIdleCallback ?? setTimeout)(() => {
  import('#update').then((module) => module.begin());
  if (document.getElementById('reset')) import('#reset').then((module) => module.begin());
  import('#install').then((module) => module.begin());
});

/** One card a day, the same for everybody with this deck. */
function showCardOfTheDay() {
  const slot = document.querySelector('#today a');
  const cards = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.card:not([data-back="safety"], [data-back="m/know"])'));
  if (!(slot instanceof HTMLAnchorElement) || !cards.length) return;
  const now = new Date();
  const day = Math.floor((now.getTime() - now.getTimezoneOffset() * 60_000) / 86_400_000);
  const card = cards[(day * 17) % cards.length];
  slot.href = pathOf(card.id);
  slot.textContent = card.dataset.title ?? '';
  slot.parentElement?.setAttribute('data-set', '');
}

/** Only the numbers of the country that was chosen. @param {HTMLElement} section */
function showCountry(section) {
  const country = recall('country');
  const lines = /** @type {NodeListOf<HTMLElement>} */ (section.querySelectorAll('.lines'));
  const known = [...lines].some((block) => block.dataset.country === country);
  for (const block of lines) block.hidden = known && block.dataset.country !== country;
  const choices = /** @type {HTMLElement | null} */ (section.querySelector('.countries'));
  if (choices) import('#country').then((module) => module.show(choices, () => showCountry(section)));
}
