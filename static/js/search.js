// Search as you type, on the device: forgiving of typing errors, by words of both languages, by parts of long words.
import uFuzzy from '#ufuzzy';
import {allCards, read, row} from '#cards';

const fuzzy = new uFuzzy({intraMode: 1, intraIns: 1, intraSub: 1, intraTrn: 1, intraDel: 1, interIns: 40});
/** @type {{card: HTMLElement, title: string, text: string, item?: HTMLLIElement}[]} */
let entries = [];
let complete = false;

/** @param {HTMLElement} section */
export async function show(section) {
  const input = /** @type {HTMLInputElement} */ (section.querySelector('input'));
  const form = /** @type {HTMLFormElement} */ (section.querySelector('form'));
  const list = /** @type {HTMLElement} */ (section.querySelector('.cues'));
  input.oninput = () => find(section, list, input.value);
  form.onsubmit = (event) => {
    event.preventDefault();
    input.blur();
  };
  const asked = new URLSearchParams(location.search).get('q');
  if (asked && !input.value) input.value = asked;
  if (!('ontouchstart' in window) || asked) input.focus({preventScroll: true});
  entries = entries.length ? entries : (await allCards()).map(entry);
  find(section, list, input.value);
  await addLanguages();
  find(section, list, input.value);
}

/** @param {HTMLElement} card */
function entry(card) {
  const parts = [card.querySelector('.cue')?.textContent];
  for (const part of card.querySelectorAll('.see dd, .do dd')) parts.push(part.textContent);
  return {card, title: fold(card.dataset.title ?? ''), text: `${named(card)} ${fold(parts.join(' '))}`};
}

/** What a card is called and looked for by. @param {HTMLElement} card */
const named = (card) => fold(`${card.dataset.title} ${card.dataset.words}`);

/** The titles and search words of the other languages, out of their own documents: on the device they are there already. */
async function addLanguages() {
  if (complete) return;
  complete = true;
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('.languages a'))) {
    const others = await read(`/${link.hreflang}/cards`);
    for (const one of entries) {
      const other = others?.getElementById(one.card.id);
      if (other) one.text += ` ${named(other)}`;
    }
  }
}
/** Without case and accents. @param {string} text */
const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** @param {HTMLElement} section @param {HTMLElement} list @param {string} typed */
function find(section, list, typed) {
  const query = fold(typed).trim();
  const found = query ? ranked(query) : [];
  const shown = new Set(found.map((at) => entries[at]));
  for (const entry of entries) if (entry.item && !shown.has(entry)) hide(entry.item, true);
  found.forEach((at, order) => {
    const entry = entries[at];
    if (!entry.item) list.append((entry.item = row(entry.card)));
    entry.item.style.order = String(order);
    hide(entry.item, false);
  });
  hide(/** @type {HTMLElement} */ (section.querySelector('#none')), !query || found.length > 0);
}

/** Only where it changes: a list that is not touched is not laid out again. @param {HTMLElement} item @param {boolean} hidden */
function hide(item, hidden) {
  if (item.hidden !== hidden) item.hidden = hidden;
}

/** The places of the hits: in a title first, then the exact ones, then those with a typing error. @param {string} query */
function ranked(query) {
  const words = query.split(/\s+/);
  /** @param {string} text */
  const exact = (text) => words.every((word) => text.includes(word));
  const hits = entries.map((entry, at) => ({at, rank: exact(entry.title) ? 0 : exact(entry.text) ? 1 : 2}));
  const sure = hits.filter((hit) => hit.rank < 2).sort((a, b) => a.rank - b.rank);
  if (sure.length || query.length < 3) return sure.map((hit) => hit.at);
  return fuzzy.filter(entries.map((entry) => entry.text), query) ?? [];
}
