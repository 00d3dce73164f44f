// The choice of a country, on the safety page itself: one tap, and one more for all of them again.
import {recall, remember} from '#device';

/** @param {HTMLElement} choices @param {() => void} changed */
export function show(choices, changed) {
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
