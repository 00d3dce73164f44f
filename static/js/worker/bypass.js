// The worker of an emergency: takes over at once and answers nothing, so that every page comes from the network again.
// It stays registered, because unregistering would end the push subscription.

addEventListener('install', (event) => event.waitUntil(skipWaiting()));
addEventListener('activate', (event) => event.waitUntil(activate()));
addEventListener('message', (event) => {
  if (event.data === 'fill') event.ports[0]?.postMessage('filled');
});

async function activate() {
  const decks = (await caches.keys()).filter((name) => name.startsWith('deck-'));
  await Promise.all(decks.map((name) => caches.delete(name)));
  await clients.claim();
}
