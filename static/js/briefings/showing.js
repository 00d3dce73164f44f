// Puts an opened briefing into the page that the server wrote: text only, never markup.

/**
 * @typedef {{lang: string, text: string}} Part
 * @typedef {{title: string, cue: string, you: string, see: string[], do: string[], say: string[], avoid: string}} Face
 * @typedef {{id: string, texts: Record<string, Face>}} Card
 * @typedef {object} Briefing
 * @property {Part} title
 * @property {Record<string, Part>} parts the written items by name
 * @property {{name: string, phone: string}} person
 * @property {Card[]} cards
 * @property {number} expires seconds since 1970; the device holds itself to it, whatever the server says
 * @property {number} made
 */

const language = document.documentElement.lang;
export const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

const FIRST = 3; // items that are on every screen
const MINUTE = 60; // seconds
const WHOLE = 9; // digits of a number that lacks nothing

/**
 * A screen full of words, at once; the rest is what this gives back, to be done after they are painted.
 * @param {Briefing} briefing
 * @param {number} rate words a minute
 */
export function show(briefing, rate) {
  const section = element('briefing');
  const headline = /** @type {HTMLElement} */ (section.querySelector('h1'));
  write(headline, briefing.title?.text ? briefing.title : {lang: language, text: headline.dataset.plain ?? ''});
  call(briefing);
  const items = /** @type {HTMLElement[]} */ ([...section.querySelectorAll('[data-item]')]);
  const anew = !element('items').hidden; // what is being read already changes in one go
  element('items').hidden = element('start').hidden = false;
  let filled = 0;
  const isSeen = () => filled < FIRST || anew || items[filled - 1].getBoundingClientRect().bottom < innerHeight;
  for (const item of items) item.hidden = true;
  while (filled < items.length && isSeen()) fillIn(items[filled++], briefing);
  return () => {
    for (const item of items.slice(filled)) fillIn(item, briefing);
    element('here').hidden = false;
    cards(briefing.cards ?? []);
    facts(briefing, rate);
  };
}

/** @param {HTMLElement} item @param {Briefing} briefing */
function fillIn(item, briefing) {
  const part = briefing.parts?.[item.dataset.item ?? ''];
  const text = /** @type {HTMLElement | null} */ (item.querySelector('.text'));
  if (text) write(text, part);
  item.hidden = !part?.text && !['call', 'cards', 'note'].includes(item.dataset.item ?? '');
}

/** @param {HTMLElement} where @param {Part | undefined} part */
function write(where, part) {
  where.textContent = String(part?.text ?? '');
  where.lang = /^[a-z]{2,3}$/.test(part?.lang ?? '') ? /** @type {Part} */ (part).lang : language;
}

/** The person, with a button that calls; a number is digits and nothing else. @param {Briefing} briefing */
function call(briefing) {
  const name = String(briefing.person?.name ?? '');
  const phone = String(briefing.person?.phone ?? '');
  const number = dialled(phone);
  /** @type {HTMLElement} */ (document.querySelector('.person')).textContent = name;
  for (const link of /** @type {HTMLAnchorElement[]} */ ([element('phone'), element('call')])) {
    link.hidden = number.length < 2;
    link.href = `tel:${number}`;
  }
  /** @type {HTMLElement} */ (element('phone').querySelector('span')).textContent = phone;
}

/**
 * What a telephone dials of a number as people write it: without the (0) that is not dialled from abroad, and without a
 * second number behind a slash, which may also follow the area code (02/123 45 67).
 * @param {string} phone
 */
export function dialled(phone) {
  const plain = /^\D*(\+|00)/.test(phone) ? phone.replace('(0)', '') : phone;
  const [first] = plain.split('/');
  const digits = (first.replace(/\D/g, '').length >= WHOLE ? first : plain).replace(/\D/g, '');
  return /^\D*\+/.test(plain) ? `+${digits}` : digits;
}

/** Cards that open in place: the same blocks as in the deck. @param {Card[]} given */
function cards(given) {
  const item = /** @type {HTMLElement} */ (document.querySelector('[data-item=cards]'));
  for (const old of item.querySelectorAll('details')) old.remove();
  for (const card of Array.isArray(given) ? given : []) {
    const spoken = card?.texts?.[language] ? language : Object.keys(card?.texts ?? {})[0];
    if (!spoken) continue;
    const closed = /** @type {HTMLElement} */ (element('card').cloneNode(true));
    closed.removeAttribute('id');
    closed.hidden = false;
    item.append(closed);
    head(closed, card.texts[spoken], spoken);
    inside(closed, card.texts[spoken]);
  }
  item.hidden = !item.querySelector('details');
}

/** @param {HTMLElement} card @param {Face} face @param {string} spoken */
function head(card, face, spoken) {
  /** @type {HTMLElement} */ (card.querySelector('b')).textContent = String(face.title);
  /** @type {HTMLElement} */ (card.querySelector('summary span')).textContent = String(face.cue);
  card.lang = spoken;
}

/** @param {HTMLElement} card @param {Face} face */
function inside(card, face) {
  for (const name of /** @type {const} */ (['you', 'see', 'do', 'say', 'avoid'])) {
    const block = /** @type {HTMLElement} */ (card.querySelector(`.${name}`));
    const lines = [face[name] ?? []].flat().filter(Boolean);
    if (!lines.length) block.remove();
    for (const line of lines) {
      const place = document.createElement('dd');
      place.textContent = String(line);
      block.append(place);
    }
  }
}

/** Reading time and validity; what takes longer than a minute does not promise one. @param {Briefing} briefing @param {number} rate */
function facts(briefing, rate) {
  const seconds = Math.max(1, Math.round((wordsShown() * 60) / rate));
  const until = new Date(briefing.expires * 1000);
  const today = until.toDateString() === new Date().toDateString();
  const when = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {...(today ? {} : {weekday: 'long', day: 'numeric', month: 'long'}), hour: '2-digit', minute: '2-digit', hourCycle: 'h23'});
  fill('time', String(seconds));
  fill('until', when.format(until));
  const {short = '', long = ''} = element('sixty').dataset;
  const name = seconds > MINUTE ? long : short;
  /** @type {Node} */ (element('sixty').lastChild).nodeValue = name;
  element('steps').setAttribute('aria-label', name);
}

/** @param {string} id @param {string} value */
function fill(id, value) {
  element(id).textContent = (element(id).dataset.words ?? '').replace('{n}', value);
}

/** Words of the headline and the items, with closed cards; the form of the note is not read. */
export function wordsShown() {
  const parts = document.querySelectorAll('#briefing h1, .item:not([hidden]) h2, .item:not([hidden]) .person, .item:not([hidden]) .text, .item:not([hidden]) summary');
  return [...parts].flatMap((part) => (part.textContent ?? '').split(/\s+/)).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
