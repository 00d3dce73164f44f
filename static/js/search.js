// Search as you type, on the device: by the same rules as on the server (pwa/deck/finding.py), where they are explained.
import {allCards, arrange, read, row} from '#cards';

const NOISE = /^(.|de|het|en|of|met|in|op|ik|hij|sij|se|is|wil|niet|kind|lerling|the|and|with|to|he|she|not|won|don|kid|child|pupil)$/;
/** @type {{card: HTMLElement, title: string[], names: string[], text: string[], item?: HTMLLIElement}[]} */
let entries = [];
/** The other languages whose words are in there, or on their way. @type {Set<string>} */
const others = new Set();

/** @param {HTMLElement} section */
export async function show(section) {
  const input = /** @type {HTMLInputElement} */ (section.querySelector('input'));
  const form = /** @type {HTMLFormElement} */ (section.querySelector('form'));
  const list = /** @type {HTMLElement} */ (section.querySelector('.cues'));
  const begin = async () => {
    await takeCards();
    find(section, list, input.value);
    await addLanguages();
    find(section, list, input.value);
  };
  input.oninput = () => (entries.length ? find(section, list, input.value) : begin());
  form.onsubmit = (event) => {
    if (!entries.length) return; // the server can look
    event.preventDefault();
    input.blur();
  };
  const asked = new URLSearchParams(location.search).get('q');
  if (asked && !input.value) input.value = asked;
  if (!('ontouchstart' in window) || asked) input.focus({preventScroll: true});
  await begin();
}

async function takeCards() {
  const cards = await allCards();
  if (!entries.length) entries = cards.map(entry);
}

/** @param {HTMLElement} card */
function entry(card) {
  const parts = [...card.querySelectorAll('.cue, dd')].map((part) => part.textContent);
  return {card, title: words(card.dataset.title ?? ''), names: named(card), text: words(parts.join(' '))};
}

/** What a card is called and looked for by. @param {HTMLElement} card */
const named = (card) => words(`${card.dataset.title} ${card.dataset.words}`);

/** The titles and search words of the other languages, out of their own documents: on the device they are there already. */
async function addLanguages() {
  for (const {hreflang} of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('.languages a'))) {
    if (!entries.length || others.has(hreflang)) continue;
    others.add(hreflang);
    const deck = await read(`/${hreflang}/cards`);
    if (!deck) others.delete(hreflang);
    for (const one of entries) {
      const other = deck?.getElementById(one.card.id);
      if (other) one.names.push(...named(other));
    }
  }
}

/** The words of a text as they sound. @param {string} text */
const words = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/z/g, 's').replace(/v/g, 'f')
  .replace(/([a-z])\1+/g, '$1').split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/** Without its ending. @param {string} word */
const stem = (word) => word.replace(/^(.{3,}?)(e[nsd]?|ing|[ts])$/, '$1');

/** As long as there are no cards, what the server found stays. @param {HTMLElement} section @param {HTMLElement} list @param {string} typed */
function find(section, list, typed) {
  if (!entries.length) return;
  const found = ranked(words(typed).slice(0, 8)).map((at) => entries[at]);
  arrange(list, found.map((entry) => (entry.item ??= row(entry.card))));
  const none = /** @type {HTMLElement} */ (section.querySelector('#none'));
  none.hidden = !typed.trim() || found.length > 0;
  const heard = /** @type {HTMLElement} */ (section.querySelector('.heard')); // always there: one that appears may not be read out
  const said = none.hidden ? found.length && `${heard.dataset.cards}: ${found.length}` : none.textContent;
  if (heard.textContent !== said) heard.textContent = said || '';
}

/** The places of the hits, the best first. @param {string[]} all */
function ranked(all) {
  const some = all.filter((word) => !NOISE.test(word));
  const points = (some.length ? some : all).map(score);
  const hits = entries.map((_, at) => {
    const own = points.map((each) => each[at]);
    return {at, many: own.filter(Boolean).length, sum: own.reduce((sum, point) => sum + point, 0)};
  });
  const most = Math.max(1, ...hits.map((hit) => hit.many));
  const id = (/** @type {{at: number}} */ hit) => entries[hit.at].card.id;
  return hits.filter((hit) => hit.many === most).sort((a, b) => b.sum - a.sum || (id(a) < id(b) ? -1 : 1)).map((hit) => hit.at);
}

/** What a word is worth on each card; only a word that is nowhere may have a typing error. @param {string} word */
function score(word) {
  const root = stem(word);
  const count = (/** @type {string[]} */ list) => list.filter((one) => one.startsWith(root)).length;
  const points = entries.map(({title, names, text}) => {
    const inside = root.length > 3 && names.some((name) => name.includes(root));
    return count(title) * 6 + ([...names, ...text].includes(word) ? 5 : 0) + (count(names) * 3 || (inside ? 2 : 0)) + (count(text) ? 1 : 0);
  });
  if (root.length < 5 || points.some(Boolean)) return points;
  return entries.map(({names}) => (names.some((name) => near(word, name) || near(root, stem(name))) ? 1 : 0));
}

/** Whether one letter is too many, missing, another one, or two changed places. @param {string} a @param {string} b */
function near(a, b) {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const [left, right] = [a.slice(at), b.slice(at)];
  const swapped = left[1] + left[0] + left.slice(2);
  return [left.slice(1), right[0] + left, right[0] + left.slice(1), swapped].includes(right);
}
