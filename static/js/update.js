// Keeps the worker, and says so on the home page when there are new cards. Never reloads a page that is being read.

/** Register the worker; a browser without workers has pages that work without one. */
export async function begin() {
  if (!('serviceWorker' in navigator)) return;
  const hadOne = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener('controllerchange', () => hadOne && offerNews());
  try {
    const registration = await navigator.serviceWorker.register(address(), {scope: '/', updateViaCache: 'none'});
    addEventListener('visibilitychange', () => document.visibilityState === 'visible' && look(registration));
  } catch {
    // no storage, private browsing, or a portal that answers for us: the pages themselves still work
  }
}

/** @param {ServiceWorkerRegistration} registration */
const look = (registration) => registration.update().catch(() => {});

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
