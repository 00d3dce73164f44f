// The three to five cards of a briefing: by situation, by search, and their faces in every language for the reader.

const MOST = 5;
const PATIENCE = 20_000; // ms with a network that does not answer
const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const buttons = () => /** @type {NodeListOf<HTMLButtonElement>} */ (element('pick').querySelectorAll('button'));
/** @type {string[]} */
let chosen = [];
/** @type {() => void} */
let told = () => {};
/** @type {Map<string, Promise<Document | null>>} */
const decks = new Map();

export const chosenCards = () => [...chosen];

/** @param {() => void} changed */
export function beginChoosing(changed) {
  told = changed;
  const situation = /** @type {HTMLSelectElement} */ (element('by-situation'));
  const search = /** @type {HTMLInputElement} */ (element('by-word'));
  situation.onchange = search.oninput = () => filter(situation.value, fold(search.value).trim());
  for (const button of buttons()) {
    button.onclick = () => {
      const id = button.dataset.card ?? '';
      choose(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id].slice(0, MOST));
      changed();
    };
  }
}

/** @param {string[]} ids */
export function choose(ids) {
  const known = new Map([...buttons()].map((button) => [button.dataset.card ?? '', button]));
  chosen = ids.filter((id) => known.has(id)).slice(0, MOST);
  for (const [id, button] of known) {
    button.setAttribute('aria-pressed', String(chosen.includes(id)));
    button.disabled = chosen.length >= MOST && !chosen.includes(id);
  }
  element('enough').hidden = chosen.length < MOST;
  element('chosen').replaceChildren(...chosen.map((id) => row(/** @type {HTMLElement} */ (known.get(id)))));
}

/** @param {HTMLElement} button */
function row(button) {
  const item = document.createElement('li');
  const text = document.createElement('div');
  for (const part of button.childNodes) text.append(part.cloneNode(true));
  item.append(text, remover(button.dataset.card ?? '', button.querySelector('b')?.textContent ?? ''));
  return item;
}

/** Afterwards the keyboard is at the next card, or where others are chosen. @param {string} id @param {string} title */
function remover(id, title) {
  const remove = /** @type {HTMLElement} */ (element('leave-out').cloneNode(true));
  remove.removeAttribute('id');
  remove.setAttribute('aria-label', (remove.getAttribute('aria-label') ?? '').replace('{n}', () => title));
  remove.hidden = false;
  remove.onclick = () => {
    const at = chosen.indexOf(id);
    choose(chosen.filter((other) => other !== id));
    const left = element('chosen').querySelectorAll('button');
    (left[Math.min(at, left.length - 1)] ?? element('choose').querySelector('summary')).focus();
    told();
  };
  return remove;
}

/** @param {string} situation @param {string} query */
function filter(situation, query) {
  const words = query.split(/\s+/).filter(Boolean);
  let found = 0;
  for (const button of buttons()) {
    const there = !situation || (button.dataset.situations ?? '').split(' ').includes(situation);
    const text = fold(`${button.textContent} ${button.dataset.search}`);
    const fits = there && words.every((word) => text.includes(word));
    /** @type {HTMLElement} */ (button.parentElement).hidden = !fits;
    if (fits) found++;
  }
  element('none-found').hidden = found > 0;
}

/** Without case and accents, and with the apostrophe of the cards. @param {string} text */
const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/['‘]/g, '’').toLowerCase();

/** The faces of the chosen cards in every language, read from the pages of the deck. Throws when they cannot be had. @param {string[]} languages */
export async function faces(languages) {
  const pages = await Promise.all(languages.map(async (language) => /** @type {const} */ ([language, await deck(language)])));
  return chosen.map((id) => ({id, texts: Object.fromEntries(pages.map(([language, page]) => [language, face(page, id)]))}));
}

/** @param {string} language */
export async function deck(language) {
  if (!decks.has(language)) decks.set(language, read(`/${language}/cards`));
  const page = await decks.get(language);
  if (page) return page;
  decks.delete(language);
  throw new TypeError('the cards could not be fetched');
}

/** @param {Document} page @param {string} id */
function face(page, id) {
  const card = page.getElementById(`k/${id}`);
  if (!card) throw new TypeError(`there is no card ${id}`);
  /** @param {string} name */
  const lines = (name) => [...card.querySelectorAll(`.${name} dd`)].map((line) => line.textContent ?? '');
  return {title: card.dataset.title ?? '', cue: card.querySelector('.cue')?.textContent ?? '', you: lines('you')[0] ?? '',
    see: lines('see'), do: lines('do'), say: lines('say'), avoid: lines('avoid')[0] ?? ''};
}

/** A page as a document that is not shown. @param {string} path @returns {Promise<Document | null>} */
function read(path) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('GET', path);
    request.responseType = 'document';
    request.timeout = PATIENCE;
    request.onloadend = () => resolve(request.status === 200 ? request.responseXML : null);
    request.send();
  });
}
