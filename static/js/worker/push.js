// Tips on this device: shown, kept, opened, and the address that they come to. It is in both workers, because the address
// must go on working in an emergency. What is kept stands in one cache of its own, which pages read as well.

/* ---- events ---- */

addEventListener('push', (event) => event.waitUntil(receive(event)));
addEventListener('notificationclick', (event) => event.waitUntil(opened(event.notification)));
addEventListener('pushsubscriptionchange', (event) => event.waitUntil(inTurn('state', renew).catch(() => {})));
addEventListener('message', (event) => {
  const {tips, ...more} = event.data ?? {};
  if (Object.hasOwn(FOR_PAGES, tips ?? '')) event.waitUntil(FOR_PAGES[tips](more).then((state) => event.ports[0]?.postMessage({state}), ({reason, name, words}) => event.ports[0]?.postMessage({reason: reason ?? name, words})));
});

/* ---- verbs ---- */

async function receive(event) {
  const {title, ...options} = message(event);
  const {tip, nonce} = options.data;
  if (await inTurn('inbox', () => show(title, options))) return;
  if (tip) await report(tip, 'shown');
  if (nonce) await inTurn('state', () => prove(nonce)).catch(() => {});
  await spread(options.tag === 'welcome');
}

/** Whatever comes is shown, and nothing that goes wrong here may hold that up. A second copy is silent in the place of the
 * first, and away again if the first was sent away; what comes after its correction says what that says.
 * @returns what was there before, of a second copy */
async function show(title, options) {
  const {tag, data, silent} = options;
  const before = data.tip && await keepTip(title, options).catch(() => null);
  const there = before && await onScreen(tag).catch(() => [before]);
  const {title: words, body, lang, tip} = before || {...options, ...data, title};
  await registration.showNotification(words, {...options, body, lang, data: {...data, tip}, ...LOOKS, silent: Boolean(before || silent), renotify: Boolean(tag && !before)});
  shown = performance.now();
  if (before && !there.length) for (const copy of await onScreen(tag)) copy.close();
  return before;
}

/** Chromium, when it is asked, forgets what is still on its way to the screen, so that gets a moment, and messages come here
 * one after the other. */
async function onScreen(tag) {
  await new Promise((resolve) => setTimeout(resolve, shown + ON_ITS_WAY - performance.now()));
  return registration.getNotifications({tag});
}

/** What to show: ours, or what the browser made of it, or at least that something came. */
function message(event) {
  let note = event.notification; // a browser that reads declarative messages by itself (Push API)
  try {
    note ??= event.data.json().notification;
  } catch {
    // not ours, or broken
  }
  const {title, body, lang, dir, tag, silent, data} = note?.title ? note : {title: 'Houvast'};
  return {title, body, lang, dir, tag, silent, data: data ?? {}, ...(event.notification && {navigate: destination(data?.path)})};
}

/** Keep a tip for the inbox. What was there before, if this is no news: the same one, or one that it corrects. */
async function keepTip(title, {body, lang, tag, data}) {
  const store = await caches.open(TIPS);
  const before = await (await store.match(INBOX + tag))?.json();
  if (before?.tip >= data.tip) return before;
  await store.put(INBOX + tag, Response.json({tip: data.tip, tag, title, body, lang, path: data.path, at: Date.now(), read: false}));
  const kept = await Promise.all((await inbox(store)).map(async (request) => ({request, ...(await (await store.match(request))?.json())})));
  await Promise.all(kept.sort((a, b) => b.at - a.at).slice(MOST).map(({request}) => store.delete(request)));
}

const inbox = async (store) => (await store.keys()).filter((request) => request.url.includes(INBOX));

async function opened(notification) {
  notification.close();
  const {path, tip} = notification.data ?? {};
  await lead(destination(path));
  if (!tip) return FOR_PAGES.look().catch(() => {}); // "Are you still there?" is answered by that
  await inTurn('inbox', () => markRead(notification.tag)).catch(() => {});
  await report(tip, 'opened');
}

/** A page of ours, whatever a message says. */
function destination(path) {
  try {
    const {origin, pathname, href} = new URL(path, location.origin);
    if (origin === location.origin && isOurs(pathname)) return href;
  } catch {
    // no address at all
  }
  return `${location.origin}/${RELEASE.languages[0]}/tips`;
}

const isOurs = (pathname) => RELEASE.languages.some((code) => pathname.startsWith(`/${code}/`));

/** To a window of ours if there is one: to the front first, because only a tap allows that, and only for a moment. */
async function lead(href) {
  const open = await clients.matchAll({type: 'window', includeUncontrolled: true});
  const readers = open.filter((client) => isOurs(new URL(client.url).pathname));
  const client = readers.find((each) => each.focused) ?? readers[0];
  try {
    const front = await client?.focus();
    if (front && ((await isThere(front, href)) || (await front.navigate(href)))) return;
  } catch {
    // closing just now, or not under this worker yet
  }
  await clients.openWindow(href);
}

/** Whether the page of tips says that it is on the screen already: what somebody fills in on it stays. */
const isThere = (client, href) => href.endsWith('/tips') && new Promise((resolve) => {
  const {port1, port2} = new MessageChannel();
  port1.onmessage = ({data}) => resolve(data);
  client.postMessage({tips: 'there', href}, [port2]);
  setTimeout(resolve, PATIENCE_WITH_A_PAGE, false);
});

async function markRead(tag) {
  const kept = await (await caches.match(INBOX + tag, {cacheName: TIPS}))?.json();
  if (kept) await (await caches.open(TIPS)).put(INBOX + tag, Response.json({...kept, read: true}));
}

/** The message arrived. A proof that does not get through is kept, and goes with the next look. */
async function prove(nonce) {
  const known = await recall();
  if (known.token) await keep({...known, nonce});
  const {confirmed} = await ask('POST', 'proof', {nonce});
  if (known.token || confirmed) await save({nonce: undefined, ...(confirmed && {confirmed})});
}

/** Without a name, a number or the address: only that it happened. */
const report = (tip, what) => ask('POST', 'report', {tip, what}).catch(() => {});

/** Word for every page of ours: there is something else to show. @param {boolean} [welcome] a message to this device */
async function spread(welcome) {
  for (const client of await clients.matchAll({includeUncontrolled: true})) client.postMessage({tips: 'came', welcome});
}

/** For a page that opens or comes to the front: a look, unless the last one that succeeded was not long ago. */
const glance = async () => (Math.abs(Date.now() - ((await recall()).looked ?? 0)) > RECENT ? look() : {});

/** Is the address the one that the server has, made with the server's key? If not, it is made again. One at a time: who asks
 * meanwhile gets the same. */
const look = () => (looking ??= inTurn('state', compare).finally(() => (looking = null)));

async function compare() {
  const known = await recall();
  if (!known.token || known.stopping) return renew();
  if (known.nonce) await prove(known.nonce).catch(() => {});
  const endpoint = (await registration.pushManager.getSubscription())?.endpoint;
  const answer = endpoint ? await ask('POST', 'subscription/compare', {endpoint}).catch(unlessUnknown) : null;
  return answer?.key ? save(answer) : renew();
}

/** @param {any} error */
function unlessUnknown(error) {
  if (error.reason !== 'unknown') throw error;
}

/** Get an address if there is none, with the key of now, and tell the server. @param {{chosen?: object, code?: string}} [begin] what a new device chose */
async function renew({chosen, code} = {}) {
  if ((await recall()).stopping) await stop();
  const known = await recall();
  if (!chosen && !known.token) return known;
  const {key} = await ask('GET', 'key');
  let subscription = await registration.pushManager.getSubscription();
  if (subscription && known.key !== key) {
    await subscription.unsubscribe();
    subscription = null;
  }
  subscription ??= await registration.pushManager.subscribe({userVisibleOnly: true, applicationServerKey: key}).catch(refused);
  const {endpoint, keys} = subscription.toJSON();
  const codes = [...Object.values(known.codes ?? {}), ...(code ? [code] : [])];
  return save(await ask('POST', 'subscription', {endpoint, ...keys, key, chosen: chosen ?? known.chosen, codes}));
}

/** The server was there just now, so it is the browser that has no push service, or does not reach it. @returns {never} */
function refused() {
  throw {reason: 'browser'};
}

/** What somebody changed on the page, at the server first; to one that has lost this device it is made known again. */
async function change({method, path, asked}) {
  const known = await ask(method, path, asked).catch(unlessUnknown);
  if (known) return save(known);
  await renew();
  return save(await ask(method, path, asked));
}

/** Erase this device: at the server, in the browser and here. What the server did not hear it learns from the push service.
 * That it is to be done is kept first: what is cut off is done at the next start. */
async function stop() {
  const {token} = await recall();
  if (token) await keep({token, stopping: true});
  await inTurn('inbox', empty);
  const erased = !token || (await ask('DELETE', 'subscription').then(() => true, ({reason}) => reason === 'unknown'));
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  await inTurn('inbox', () => caches.delete(TIPS)); // after a tip that is just being kept, which would make it again
  await spread();
  return {erased};
}

async function empty() {
  const store = await caches.open(TIPS);
  await Promise.all((await inbox(store)).map((request) => store.delete(request)));
}

/** Ask the server, and once more in a moment when that broke off or was put off. An answer that is not good is thrown, with
 * its words. A count is not told again that may have been heard. */
async function ask(method, path, asked) {
  const {token, chosen} = await recall();
  const headers = {'Content-Type': 'application/json', 'Accept-Language': asked?.chosen?.language ?? chosen?.language ?? RELEASE.languages[0], ...(token && {Authorization: `Bearer ${token}`})};
  const send = () => fetch(`/api/${path}`, {method, headers, body: asked && JSON.stringify(asked), credentials: 'omit', signal: AbortSignal.timeout(PATIENCE_ASKING)});
  let answer = await send().catch((error) => {
    if (error.name === 'TimeoutError' || path === 'report') throw error;
  });
  if (!answer || answer.headers.get('Retry-After') === '1') {
    await new Promise((resolve) => setTimeout(resolve, A_MOMENT));
    answer = await send();
  }
  const given = await answer.json();
  if (!answer.ok) throw given;
  return given;
}

async function recall() {
  return (await caches.match(STATE, {cacheName: TIPS}))?.json() ?? {}; // to open it would make it
}

/** Beside what the server says the codes of its groups are kept, for a server that has lost us. @param {any} news */
async function save(news) {
  const state = {...(await recall()), looked: Date.now(), joined: undefined, ...news};
  if (news.groups) state.codes = Object.fromEntries(news.groups.map(({id, code}) => [id, code]));
  await keep(state);
  await spread();
  return state;
}

const keep = async (state) => (await caches.open(TIPS)).put(STATE, Response.json(state));

/** One after the other, so that none goes by what another is just changing: a look would bring back what a stop erases. */
function inTurn(line, task) {
  const done = (LAST[line] ?? Promise.resolve()).then(() => task());
  LAST[line] = done.catch(() => {});
  return done;
}

/** What a page asked is done in turn, and not at all when the page has given up by then. */
const inTime = (task) => ({until, ...more}) => inTurn('state', () => {
  if (until < Date.now()) throw {};
  return task(more);
});

/* ---- list ---- */

const FOR_PAGES = {look, glance, renew: inTime(renew), change: inTime(change), stop: inTime(stop)};
const TIPS = 'tips';
const STATE = '/-/tips';
const INBOX = '/-/tips/';
const MOST = 30;
const RECENT = 4 * 3_600_000;
const ON_ITS_WAY = 2_000;
const A_MOMENT = 1000;
const PATIENCE_ASKING = 20_000;
const PATIENCE_WITH_A_PAGE = 500;
const LOOKS = RELEASE.looks;
/** @type {Record<string, Promise<any>>} */
const LAST = {};
/** @type {Promise<any> | null} */
let looking = null;
let shown = 0; // when the last notification was, by performance.now()
