// Settings: colours and country, at once and on this device only; and a way to forget it all.
import {dress, forget, recall, remember} from '#device';

const PATIENCE = 4000; // ms with a network that does not answer
const STRAY = 700; // ms in which a second tap belongs to the first

/** @param {HTMLElement} section */
export function show(section) {
  const form = /** @type {HTMLFormElement} */ (section.querySelector('#choices'));
  form.hidden = false;
  check(form, 'theme', recall('theme'));
  check(form, 'country', recall('country'));
  form.onchange = () => {
    const chosen = new FormData(form);
    remember('theme', String(chosen.get('theme') ?? ''));
    remember('country', String(chosen.get('country') ?? ''));
    dress();
  };
  /** @type {HTMLAnchorElement} */ (section.querySelector('a[href="/reset"]')).onclick = (event) => startAfresh(event, section);
  const button = /** @type {HTMLButtonElement} */ (section.querySelector('#forget button'));
  /** @type {HTMLElement} */ (button.parentElement).hidden = false;
  const label = /** @type {HTMLElement} */ (button.querySelector('span'));
  label.textContent = label.dataset.first ?? label.textContent;
  delete label.dataset.first;
  button.onclick = () => askTwice(section, button, label);
}

export const renew = show;

/** The choice of a country on the safety page itself: one tap, and one more for all of them again. @param {HTMLElement} choices @param {() => void} changed */
export function offerCountries(choices, changed) {
  choices.hidden = false;
  for (const button of choices.querySelectorAll('button')) {
    const code = button.dataset.choose ?? '';
    button.setAttribute('aria-pressed', String(recall('country') === code));
    button.onclick = () => {
      remember('country', recall('country') === code ? '' : code);
      changed();
    };
  }
}

/** @param {HTMLFormElement} form @param {string} name @param {string} value */
function check(form, name, value) {
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll(`[name=${name}]`))) {
    input.checked = input.value === value;
  }
}

/** That page is never kept, so it is asked for first: without a network a browser would show an error of its own. @param {MouseEvent} event @param {HTMLElement} section */
async function startAfresh(event, section) {
  event.preventDefault();
  const there = await fetch('/reset', {method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(PATIENCE)}).catch(() => null);
  /** @type {HTMLElement} */ (section.querySelector('#no-reset')).hidden = Boolean(there?.ok);
  if (there?.ok) location.assign('/reset');
}

/** Nothing is thrown away by one stray tap, nor by two. @param {HTMLElement} section @param {HTMLButtonElement} button @param {HTMLElement} label */
function askTwice(section, button, label) {
  if (button.hasAttribute('aria-disabled')) return;
  if (label.dataset.first === undefined) {
    label.dataset.first = label.textContent ?? '';
    label.textContent = button.dataset.sure ?? '';
    button.setAttribute('aria-disabled', 'true');
    setTimeout(() => button.removeAttribute('aria-disabled'), STRAY);
    return;
  }
  forget();
  stopTips(/** @type {HTMLElement} */ (section.querySelector('#forgotten')));
  dress();
  show(section);
}

/** Nothing is said to be forgotten before it is. @param {HTMLElement} said */
async function stopTips(said) {
  const words = said.dataset;
  words.done ??= said.textContent ?? '';
  said.textContent = words.busy ?? '';
  said.hidden = false;
  const word = await import('#tips').then((module) => module.stop()).catch(() => 'late');
  said.textContent = word === 'late' ? `${words.done} ${words.late}` : words.done;
}
