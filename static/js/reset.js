// The way out: throws away stored pages and asks the worker to fetch them anew. Kept cards, settings and the push
// subscription stay, so the worker is never unregistered.

const WAIT = 60_000; // the whole deck over the slowest of networks

export function begin() {
  const section = document.getElementById('reset');
  const button = section?.querySelector('button');
  if (!section || !button) return;
  button.hidden = false;
  button.onclick = async () => {
    show(section, 'busy');
    const fresh = await afresh().catch(() => false);
    show(section, fresh ? 'done' : 'later');
  };
}

/** True when the device has all pages again. */
async function afresh() {
  const workers = navigator.serviceWorker;
  for (const name of await caches.keys()) if (name.startsWith('deck-') || ['briefings', 'maker'].includes(name)) await caches.delete(name);
  const registration = await workers?.getRegistration('/');
  if (!registration) return true;
  await registration.update().catch(() => {});
  const worker = registration.active;
  if (!worker) return false;
  return new Promise((resolve) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = (event) => resolve(event.data === 'filled');
    worker.postMessage('fill', [port2]);
    setTimeout(() => resolve(false), WAIT);
  });
}

/** @param {HTMLElement} section @param {string} state */
function show(section, state) {
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (section.querySelectorAll('[data-state]'))) {
    part.hidden = part.dataset.state !== state;
  }
}
