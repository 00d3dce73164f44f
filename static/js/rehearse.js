// Twenty seconds before, ten seconds after: say the sentence in your head; later mark what helped. Kept on the device only.
import {recall, remember} from '#device';

const STEP = 1000;
const drill = /** @type {HTMLElement} */ (document.getElementById('drill'));
const step = /** @type {HTMLElement} */ (drill.querySelector('.step'));
const bar = /** @type {HTMLProgressElement} */ (drill.querySelector('progress'));
const helped = /** @type {HTMLElement} */ (document.getElementById('helped'));
let timer = 0;
/** One for each choice of what helped. @type {(() => void)[]} */
let marks = [];

/** What a card offers after it was used. @param {HTMLElement} card */
export function show(card) {
  clearInterval(timer);
  drill.hidden = true;
  const id = card.id.slice(2);
  const choices = new Map([...card.querySelectorAll('.you dd, .do dd, .say dd')].map((part) => [placeOf(part), part.textContent ?? '']));
  renew(id, choices);
  const button = /** @type {HTMLElement} */ (document.getElementById('rehearse'));
  button.hidden = !card.querySelector('.rehearse');
  helped.hidden = button.hidden || !choices.size;
  marks = [];
  helped.querySelector('.choices')?.replaceChildren(...[...choices].map(([place, words]) => option(id, place, words)));
}

/** What was marked in another tab, too. */
export const showMarks = () => marks.forEach((mark) => mark());

/** Where it stands on the card in any language: its block, and which one there, as in "do.0". @param {Element} part */
function placeOf(part) {
  const block = /** @type {Element} */ (part.parentElement);
  return `${block.className}.${[...block.querySelectorAll('dd')].findIndex((one) => one === part)}`;
}

/** What was kept in words, as it was once, is kept by its place from now on. @param {string} id @param {Map<string, string>} choices */
function renew(id, choices) {
  const all = recall('helped');
  const kept = all[id];
  if (!kept?.some((one) => !choices.has(one))) return;
  all[id] = kept.map((one) => [...choices].find(([, words]) => plain(words) === plain(one))?.[0] ?? one);
  remember('helped', all);
}

/** As it was before the last words of a line were tied together. @param {string} words */
const plain = (words) => words.replaceAll('\u00a0', ' ');

/** @param {string} id @param {string} choice its place @param {string} words */
function option(id, choice, words) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = words;
  const pressed = () => (recall('helped')[id] ?? []).includes(choice);
  const draw = () => button.setAttribute('aria-pressed', String(pressed()));
  button.onclick = () => {
    const all = recall('helped');
    const chosen = all[id] ?? [];
    all[id] = pressed() ? chosen.filter((other) => other !== choice) : [...chosen, choice];
    if (!all[id].length) delete all[id];
    remember('helped', all);
    draw();
  };
  draw();
  marks.push(draw);
  return button;
}

/** The drill: breathe out, say the sentence, see yourself do it. @param {HTMLElement} card */
export function begin(card) {
  const words = drill.dataset;
  const sentence = card.querySelector('.rehearse')?.textContent ?? '';
  const parts = [[5, words.breathe ?? ''], [10, `${words.say} ${sentence}`], [5, words.picture ?? '']];
  const total = parts.reduce((sum, [seconds]) => sum + Number(seconds), 0);
  let second = 0;
  const draw = () => {
    let left = second;
    const now = parts.find(([seconds]) => (left -= Number(seconds)) < 0);
    const text = now ? String(now[1]) : words.done ?? '';
    if (step.textContent !== text) step.textContent = text;
    bar.value = second / total;
    if (second >= total) clearInterval(timer);
    second += 1;
  };
  clearInterval(timer);
  drill.hidden = false;
  draw();
  timer = window.setInterval(draw, STEP);
}
