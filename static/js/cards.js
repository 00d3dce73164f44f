// Sections of another document, brought into this page when somebody is about to need them: after home is painted.
import {language, pathOf, sectionOf} from '#router';

const main = /** @type {HTMLElement} */ (document.getElementById('main'));
/** @type {Promise<HTMLElement[]> | undefined} */
let coming;

/** Every card as a section of this page, and the list of all. Without a network and a worker there may be fewer: the links still work, and who asks again may get them. */
export const allCards = () => (coming ??= bring('cards', '.card, .cards').then((there) => {
  if (!there) coming = undefined;
  return [.../** @type {NodeListOf<HTMLElement>} */ (main.querySelectorAll('.card'))];
}));

/**
 * Every section that is no card: the home page of a device begins without them. To a page that did not begin as home come
 * those that cards belong to. Where there is no worker they are in home.
 */
export const allPlaces = () => bring(navigator.serviceWorker?.controller ? 'whole' : '', sectionOf('home') ? 'section' : '.place, .safety');

/** @param {string} page @param {string} which */
async function bring(page, which) {
  const deck = await read(`/${language}/${page}`);
  for (const section of deck?.querySelectorAll(`main > :is(${which})`) ?? []) {
    if (document.getElementById(section.id)) continue;
    section.removeAttribute('data-open'); // which it was there
    main.append(document.adoptNode(section));
  }
  return Boolean(deck);
}

/** A page as a document that is not shown; a request can do that without turning text into markup by hand. @param {string} path @returns {Promise<Document | null>} */
export function read(path) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('GET', path);
    request.responseType = 'document';
    request.onloadend = () => resolve(request.status === 200 ? request.responseXML : null);
    request.send();
  });
}

/** Makes a list of these rows in this order; one that stands right is not touched, so it keeps the focus. @param {HTMLElement} list @param {HTMLElement[]} rows */
export function arrange(list, rows) {
  for (const other of [...list.children]) if (!rows.includes(/** @type {HTMLElement} */ (other))) other.remove();
  let next = list.firstElementChild;
  for (const item of rows) {
    if (item === next) next = item.nextElementSibling;
    else list.insertBefore(item, next);
  }
}

/** One card as a line of a list: title and cue, useful as it stands. @param {HTMLElement} card */
export function row(card) {
  const item = document.createElement('li');
  const link = document.createElement('a');
  const title = document.createElement('b');
  const cue = document.createElement('span');
  link.href = pathOf(card.id);
  title.textContent = card.dataset.title ?? '';
  cue.textContent = card.querySelector('.cue')?.textContent ?? '';
  link.append(title, ' ', cue);
  item.append(link);
  return item;
}
