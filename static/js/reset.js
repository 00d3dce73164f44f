// The way out: asks the worker to fetch all pages anew, in place of those that are stored. Kept cards, settings and the push
// subscription stay, so the worker is never unregistered.

const WAIT = 60_000; // the whole deck over the slowest of networks

export function begin() {
  const section = document.getElementById('reset');
  const button = section?.querySelector('button');
  if (!section || !button) return;
  button.hidden = false;
  button.onclick = async () => {
    show(section, 'busy');
    const late = new Promise((resolve) => setTimeout(resolve, WAIT, false));
    const fresh = await Promise.race([afresh(), late]).catch(() => false);
    show(section, fresh ? 'done' : 'later');
  };
}

/** True when the device has all pages again; until then it keeps what it has, for there may be no network any more. */
async function afresh() {
  const registration = await navigator.serviceWorker?.getRegistration('/');
  const fresh = !registration || (await isNew(registration)) || (await isFilled(registration));
  if (!fresh) return false;
  const rest = (await caches.keys()).filter((name) => ['briefings', 'maker'].includes(name) || (!registration && name.startsWith('deck-')));
  await Promise.all(rest.map((name) => caches.delete(name)));
  return true;
}

/** Whether there was a newer release, which is here now; the worker of the one before cannot fetch its own any more. @param {ServiceWorkerRegistration} registration */
async function isNew(registration) {
  await registration.update().catch(() => {});
  const coming = registration.installing ?? registration.waiting;
  if (!coming) return false;
  await new Promise((resolve) => {
    coming.onstatechange = () => ['activated', 'redundant'].includes(coming.state) && resolve(0);
  });
  return coming.state === 'activated';
}

/** Whether the worker fetched everything anew. @param {ServiceWorkerRegistration} registration */
async function isFilled({active}) {
  if (!active) return false;
  return new Promise((resolve) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = (event) => resolve(event.data === 'filled');
    active?.postMessage('fill', [port2]);
  });
}

/** @param {HTMLElement} section @param {string} state */
function show(section, state) {
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (section.querySelectorAll('[data-state]'))) {
    part.hidden = part.dataset.state !== state;
  }
}
