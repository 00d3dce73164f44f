// Kept cards and cards seen lately: on this device only, to be carried over by a link or a file.
import {recall, remember} from '#device';
import {pathOf} from '#router';
import {allCards, arrange, row} from '#cards';

const MOST = 200;
let told = 0;
const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** @param {HTMLElement} section */
export async function show(section) {
  await allCards();
  takeInLink(section);
  list(section, '#pins', recall('pins'));
  const seen = recall('recent').filter((id) => !recall('pins').includes(id));
  list(section, '#recent', seen);
  const any = recall('pins').length > 0;
  part(section, '#empty').hidden = part(section, '#pins').childElementCount > 0;
  part(section, '#seen').hidden = !seen.length;
  part(section, '#carry').hidden = false;
  part(section, '#away').hidden = !any;
  part(section, '[data-do=link]').onclick = () => copyLink(section);
  part(section, '[data-do=file]').onclick = saveFile;
  const input = /** @type {HTMLInputElement} */ (section.querySelector('#take-in'));
  input.onchange = async () => {
    const file = input.files?.[0];
    input.value = '';
    if (file) takeIn(section, file.size > 65536 ? null : idsOf(await file.text()));
    show(section);
  };
}

export const renew = show;

/** @param {HTMLElement} section @param {string} selector */
const part = (section, selector) => /** @type {HTMLElement} */ (section.querySelector(selector));

/** @param {HTMLElement} section @param {string} selector @param {string[]} ids */
function list(section, selector, ids) {
  const cards = ids.map((id) => document.getElementById(`k/${id}`)).filter((card) => card !== null);
  const rows = part(section, selector);
  arrange(rows, cards.map((card) => rows.querySelector(`[href="${pathOf(card.id)}"]`)?.parentElement ?? row(card)));
}

/** The pins stay behind the #, so they never reach the server. @param {HTMLElement} section */
async function copyLink(section) {
  const link = `${location.origin}${pathOf('pinned')}#pins=${recall('pins').join(',')}`;
  try {
    await navigator.clipboard.writeText(link);
    tell(section, 'copied');
  } catch {
    prompt('', link);
  }
}

function saveFile() {
  const file = new Blob([JSON.stringify({houvast: 1, pins: recall('pins')})], {type: 'application/json'});
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = 'houvast.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** @param {HTMLElement} section */
function takeInLink(section) {
  const found = /^#pins=(.*)$/.exec(location.hash);
  if (!found) return;
  history.replaceState(history.state, '', location.pathname);
  takeIn(section, checked(found[1].split(/,|%2C/i)));
}

/** @param {string} text */
function idsOf(text) {
  try {
    return checked(JSON.parse(text)?.pins);
  } catch {
    return null;
  }
}

/** The ids, or null when one of them is none. @param {unknown} ids */
function checked(ids) {
  const fine = Array.isArray(ids) && ids.length > 0 && ids.length <= MOST;
  return fine && ids.every((id) => typeof id === 'string' && ID.test(id)) ? /** @type {string[]} */ (ids) : null;
}

/** Adds what is new; nothing that was kept goes, and a card that is not here yet waits. @param {HTMLElement} section @param {string[] | null} ids */
function takeIn(section, ids) {
  const refused = ids && !remember('pins', [...new Set([...recall('pins'), ...ids])]);
  const absent = ids?.some((id) => !document.getElementById(`k/${id}`));
  tell(section, !ids ? 'wrong' : refused ? 'refused' : absent ? 'absent' : 'taken');
}

/** Above the bottom bar, for as long as it takes to read. @param {HTMLElement} section @param {string} word */
function tell(section, word) {
  const message = part(section, '#taken');
  message.textContent = message.dataset[word] ?? document.getElementById('words')?.dataset[word] ?? '';
  message.hidden = false;
  clearTimeout(told);
  told = window.setTimeout(() => (message.hidden = true), 6000);
}
