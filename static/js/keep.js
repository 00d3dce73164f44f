// Keeping Houvast on the device: the worker, word of new cards, and the hint to put it on the home screen.
// Never reloads a page that is being read.
import {recall, remember} from '#device';

let kept = false;

/** Register the worker, once; a browser without workers has pages that work without one. */
export async function keepWorker() {
  if (kept || !('serviceWorker' in navigator)) return;
  kept = true;
  let hasOne = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (hasOne) offerNews(); // the first worker of all brings nothing new
    hasOne = true;
  });
  try {
    const registration = await navigator.serviceWorker.register(address(), {scope: '/', updateViaCache: 'none'});
    lookAfterTips(registration);
    addEventListener('visibilitychange', () => document.visibilityState === 'visible' && look(registration));
    registration.active?.postMessage('sweep'); // briefings that are over; and a deck that is not whole is mended
  } catch {
    // no storage, private browsing, or a portal that answers for us: the pages themselves still work
  }
}

/** @param {ServiceWorkerRegistration} registration */
function look(registration) {
  registration.update().catch(() => {});
  lookAfterTips(registration);
}

/** Does the address for tips still work? Each time that the app is opened, and when it was not known for hours: the worker
 * knows. @param {ServiceWorkerRegistration} registration */
function lookAfterTips({active}) {
  try {
    active?.postMessage({tips: sessionStorage.looked ? 'glance' : 'look'});
    sessionStorage.looked = 'yes';
  } catch {
    // nothing is kept here, so there is no address either
  }
}

function address() {
  const types = /** @type {any} */ (globalThis).trustedTypes;
  const policy = types?.createPolicy('houvast-sw', {createScriptURL: () => '/sw.js'});
  return /** @type {string} */ (policy ? policy.createScriptURL('') : '/sw.js');
}

function offerNews() {
  const news = document.getElementById('news');
  if (!news) return;
  news.hidden = false;
  const button = news.querySelector('button');
  if (button) button.onclick = () => location.reload();
}

/** The hint to install: sent away once, it never comes back. Shows nothing where there is nothing to do. @param {Promise<Event>} invited by the browser */
export function offerInstall(invited) {
  document.querySelector('link[rel="later"]')?.setAttribute('rel', 'manifest'); // of a page from the device (worker/cut.js)
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
  invited.then((event) => {
    hint.hidden = false;
    yes.onclick = () => {
      /** @type {any} */ (event).prompt();
      hint.hidden = true;
    };
  });
  addEventListener('appinstalled', () => (hint.hidden = true));
}
