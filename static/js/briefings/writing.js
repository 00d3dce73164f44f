// The form: filling it in, reading it out, counting words, and soft warnings under what was typed.
import {beginChoosing, choose, chosenCards} from '#choosing';
import {LAST_HOUR, inWords, lastDay, lasts, range, schoolDays} from '#days';
import {isMobile, notice} from '#noticing';

/** @typedef {import('#drafts').Draft} Draft */

const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const form = /** @type {HTMLFormElement} */ (element('write'));
const language = document.documentElement.lang;
const NAMED = new Set(['call', 'neighbour']); // where colleagues are named
/** What it changes, and of which revision. @type {{of?: string, after?: number}} */
let changes = {};

/** @param {(draft: Draft) => void} changed after each change */
export function beginWriting(changed) {
  const tell = () => {
    sayDay();
    count();
    changed(value());
  };
  beginChoosing(tell);
  form.oninput = tell;
  form.onchange = () => warn();
  form.onkeydown = (event) => {
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement && !event.isComposing) goOn(event, event.target);
  };
}

/** The key of a phone's keyboard that says "next" or "search" does that; by itself it would send the form. @param {Event} event @param {HTMLInputElement} from */
function goOn(event, from) {
  event.preventDefault();
  if (from.type === 'search') return from.blur(); // the keyboard goes, and what was found is seen
  const stops = /** @type {HTMLElement[]} */ ([...form.querySelectorAll('input, textarea, [type=submit]')]);
  stops[stops.indexOf(from) + 1].focus();
}

/** @param {Draft} draft */
export function fill(draft) {
  changes = {of: draft.of, after: draft.after};
  field('title').value = draft.title ?? '';
  field('name').value = draft.name ?? '';
  field('phone').value = draft.phone ?? '';
  for (const item of items()) {
    field(item).value = draft.parts?.[item]?.text ?? '';
    field(`${item}-lang`).value = draft.parts?.[item]?.lang ?? language;
  }
  choose(draft.cards ?? []);
  const until = field('until');
  const {min, max} = Object.assign(until, range());
  const own = draft.until && (draft.of ? lasts(draft.until) : draft.until >= min && draft.until <= max) ? draft.until : '';
  if (own && own < min) until.min = own;
  until.value = own || lastDay(draft.days);
  sayDay();
  count();
  warn();
}

/** What it would have changed is not there any more, or is another text by now: the next to be sealed is a new one. */
export const asNew = () => (changes = {});

/** The words of a template, as a draft in the language of the page. @param {HTMLElement} sample @returns {Draft} */
export function fromTemplate(sample) {
  const texts = /** @type {NodeListOf<HTMLElement>} */ (sample.querySelectorAll('[data-item]'));
  const parts = Object.fromEntries([...texts].map((text) => [text.dataset.item ?? '', {lang: language, text: text.textContent ?? ''}]));
  return {title: '', name: '', phone: '', parts, cards: (sample.dataset.cards ?? '').split(' '), days: Number(sample.dataset.days)};
}

/** @returns {Draft} */
export function value() {
  const parts = Object.fromEntries(items().map((item) => [item, {lang: field(`${item}-lang`).value, text: field(item).value.trim()}]));
  const until = field('until').value;
  return {title: field('title').value.trim(), name: field('name').value.trim(), phone: field('phone').value.trim(), parts,
    cards: chosenCards(), days: schoolDays(until), until, ...changes};
}

/** Six in the evening of the chosen day, on this device's own clock; ms since 1970. */
export function expiry() {
  const [year, month, day] = field('until').value.split('-').map(Number);
  return new Date(year, month - 1, day, LAST_HOUR).getTime();
}

/** Beside the date: people plan by the weekday. */
const sayDay = () => (element('weekday').textContent = inWords(field('until').value, language));

/** What looks as if it does not belong here; each finding under its field. */
export function warn() {
  let total = 0;
  for (const list of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll('.warnings'))) {
    const item = list.dataset.for ?? '';
    const text = field(item).value;
    const found = item === 'phone'
      ? (isMobile(text) ? [/** @type {import('#noticing').Finding} */ ({kind: 'mobile', word: text, at: 0})] : [])
      : notice(text, {names: !NAMED.has(item), titled: item === 'title'});
    list.replaceChildren(...found.map((finding) => reason(finding, field(item))));
    list.hidden = !found.length;
    total += found.length;
  }
  return total;
}

/** @param {import('#noticing').Finding} finding @param {HTMLInputElement} input */
function reason(finding, input) {
  const line = /** @type {HTMLElement} */ (form.querySelector(`#reasons [data-kind=${finding.kind}]`)?.cloneNode(true));
  /** @type {HTMLElement} */ (line.querySelector('q')).textContent = finding.word;
  for (const button of line.querySelectorAll('button')) {
    button.onclick = () => {
      const instead = button.dataset.do === 'initial' ? `${finding.word[0]}.` : button.dataset.seat ?? '';
      input.value = input.value.replaceAll(wholeWord(finding.word), () => instead);
      warn();
      input.dispatchEvent(new Event('input', {bubbles: true}));
      input.focus();
    };
  }
  return line;
}

/** A word by itself: Sam, and not the beginning of samen. @param {string} word */
const wholeWord = (word) => new RegExp(`(?<![\\p{L}\\p{N}])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'gu');

/** Words as the reader will see them: headings and chosen cards too, as long as the cards are closed. */
function count() {
  const {title, name, parts} = value();
  const headings = [...form.querySelectorAll('[data-part] h2')].map((part) => part.textContent ?? '');
  const cards = [...element('chosen').children].map((card) => card.textContent ?? '');
  const words = [title, name, ...headings, ...cards, ...Object.values(parts).map((part) => part.text)]
    .flatMap((text) => text.split(/\s+/)).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  const shown = element('count');
  const seconds = Math.round((words * 60) / Number(shown.dataset.rate));
  shown.textContent = (shown.dataset.words ?? '').replace('{n}', String(words)).replace('{s}', String(seconds));
  element('long').hidden = words <= Number(shown.dataset.most);
}

const items = () => [...form.querySelectorAll('textarea')].map((area) => area.name);

/** @param {string} name */
const field = (name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
