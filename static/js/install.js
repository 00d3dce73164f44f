// The hint to put Houvast on the home screen. Sent away once, it never comes back.
import {recall, remember} from '#device';

/** Begin to listen; shows nothing where there is nothing to do. */
export function begin() {
  const hint = document.getElementById('install');
  if (!hint || recall('uninvited') || matchMedia('(display-mode: standalone)').matches) return;
  const yes = /** @type {HTMLButtonElement} */ (hint.querySelector('.yes'));
  /** @type {HTMLButtonElement} */ (hint.querySelector('.no')).onclick = () => {
    remember('uninvited', true);
    hint.hidden = true;
  };
  if ('standalone' in navigator && !navigator.standalone) {
    /** @type {HTMLElement} */ (hint.querySelector('.ios')).hidden = false;
    yes.hidden = true;
    hint.hidden = false;
  }
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    hint.hidden = false;
    yes.onclick = () => {
      /** @type {any} */ (event).prompt();
      hint.hidden = true;
    };
  });
  addEventListener('appinstalled', () => (hint.hidden = true));
}
