// The worker: events, verbs, list. It answers what it has from the device at once and never waits for the network;
// whatever is not ours (coach, /reset, anything but GET) it does not touch. A page of briefings it has from the cache that
// the page itself filled; it never sees a key, which stays behind the #.

/* ---- events ---- */

addEventListener('install', (event) => event.waitUntil(install(event)));
addEventListener('activate', (event) => event.waitUntil(activate()));
addEventListener('fetch', (event) => {
  const path = ours(event.request);
  if (path) event.respondWith(answer(event.request, path));
});
addEventListener('message', (event) => {
  if (event.data === 'sweep') event.waitUntil(Promise.all([sweep(), mend()]));
  if (event.data?.theme !== undefined) event.waitUntil((dressing = dressing.catch(() => {}).then(() => dress(event.data.theme))));
  if (event.data === 'fill') event.waitUntil(fill().then(() => event.ports[0]?.postMessage('filled'), () => event.ports[0]?.postMessage('failed')));
});

/* ---- verbs ---- */

/** All or nothing: a deploy that is not whole leaves the deck that works in its place. */
async function install(event) {
  await fill();
  await shortenTheWay(event);
  await skipWaiting();
}

/** One at a time: who asks meanwhile gets the same. */
const fill = () => (filling ??= refill().finally(() => (filling = null)));

/** What is there may be damaged, so all of it is replaced, when everything has come and not before; where there is no room
 * for that, it stays. By their hashes the files are whole then: a browser gives no byte of one that it has not checked
 * (Fetch, 4.1). */
async function refill() {
  const files = await Promise.all(Object.entries(RELEASE.files).map(fetchWhole));
  const had = await caches.has(CACHE);
  try {
    const cache = await caches.open(CACHE);
    await Promise.all(files.map(([path, response]) => cache.put(path, response)));
    await Promise.all(RELEASE.languages.map((language) => cutInto(cache, language)));
    const [missing] = await lacking();
    if (missing) throw new Error(`the deck lacks ${missing}`);
  } catch (error) {
    if (!had) await caches.delete(CACHE);
    throw error;
  }
}

/** 'no-cache' asks for what changed only; the plain default could keep stale bytes, 'reload' fetches all twice. */
async function fetchWhole([path, integrity]) {
  const response = await fetch(path, {integrity, cache: 'no-cache', credentials: 'omit', redirect: 'error'});
  if (!response.ok || response.type !== 'basic' || response.redirected) throw new Error(`${path} answered ${response.status}`);
  return [path, response];
}

/** A deck that a full device or a sudden end took away is fetched anew. */
async function mend() {
  if (!filling && (await lacking()).length) await fill().catch(() => {});
}

async function cutInto(cache, language) {
  const [home, cards] = await Promise.all([`/${language}/`, `/${language}/cards`].map((path) => cache.match(path, {ignoreVary: true})));
  const made = {headers: pageHeaders(home.headers)};
  const text = await home.text();
  const texts = await Promise.all(needed(text).map(async (path) => /** @type {[string, string]} */ ([path, await (await cache.match(path)).text()])));
  const start = dressed(inOwnFont(holding(text, new Map(texts)), navigator.userAgent), await chosen());
  const pages = [[whole(language), text], [`/${language}/`, alone(start)], ...cut(language, start, await cards.text())];
  await Promise.all(pages.map(([path, html]) => cache.put(path, new Response(html, made))));
}

/** The chosen colours ("light", "dark" or "") stand in the pages: no script looks them up before the paint. */
async function dress(theme) {
  await caches.delete(THEME);
  if (theme) await (await caches.open(THEME)).put('/theme', new Response(theme));
  const cache = await caches.open(CACHE);
  for (const path of PATHS) {
    const page = await cache.match(path, {ignoreVary: true});
    if (page) await cache.put(path, new Response(dressed(await page.text(), theme), {headers: page.headers}));
  }
}

async function chosen() {
  const theme = await caches.match('/theme', {cacheName: THEME});
  return (await theme?.text()) ?? '';
}

/** A page that was made here has no encoding, length or tag of its own, and keeps the policy. */
function pageHeaders(given) {
  const headers = new Headers(given);
  for (const name of ['content-encoding', 'content-length', 'etag', 'vary']) headers.delete(name);
  return headers;
}

/** The paths of the deck that are not there. */
async function lacking() {
  const there = new Set((await (await caches.open(CACHE)).keys()).map((request) => new URL(request.url).pathname));
  return [...PATHS, ...PARTS].filter((path) => !there.has(path));
}

/** Where the browser can look into our cache by itself, it need not wake the worker (Chromium 123 and later). */
async function shortenTheWay(event) {
  const paths = [...PATHS.filter((path) => !path.endsWith('/gone')), ...RELEASE.languages.map(whole), ...Object.keys(RELEASE.files)];
  try {
    await event.addRoutes?.([
      {condition: {or: [...new Set(paths)].map((pathname) => route(pathname))}, source: {cacheName: CACHE}},
      {condition: {...route('/:language/b/:id'), requestMode: 'navigate'}, source: {cacheName: BRIEFINGS}},
    ]);
  } catch {
    // the fetch handler does the same
  }
}

const route = (pathname) => ({urlPattern: new URLPattern({pathname, search: ''}), requestMethod: 'GET'});

/** Erases the briefings that are over: the page said until when it may stay. For a while it says that it is over. */
async function sweep() {
  if (!(await caches.has(BRIEFINGS))) return;
  const cache = await caches.open(BRIEFINGS);
  for (const request of await cache.keys()) {
    const kept = await cache.match(request);
    const until = Number(kept?.headers.get('x-until'));
    if (!kept || !until || until >= Date.now()) continue;
    const isPage = BRIEFING.test(new URL(request.url).pathname) && !kept.headers.has('x-over');
    await (isPage ? cache.put(request, await emptied(kept)) : cache.delete(request));
  }
}

/** The page without its text, as briefings/kept.js leaves it: the route above would lead to an error of the browser's. */
async function emptied(page) {
  const html = (await page.text()).replace(/id="briefing" data-sealed="[^"]*/, 'id="briefing" data-sealed="over');
  const headers = new Headers(page.headers);
  headers.set('x-over', 'yes');
  headers.set('x-until', String(Date.now() + TOLD));
  return new Response(html, {headers});
}

/** The deck before this one stays: a page of it that is still open fetches its modules there. */
async function activate() {
  const decks = (await caches.keys()).filter((name) => name.startsWith('deck-') && name !== CACHE);
  await Promise.all(decks.slice(0, -1).map((name) => caches.delete(name)));
  await clients.claim();
}

/** The path that we answer for, or null. */
function ours(request) {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return null;
  if (url.pathname.startsWith('/static/')) return url.pathname;
  if (request.mode !== 'navigate') return PARTS.has(url.pathname) ? url.pathname : null;
  if (url.pathname === '/') return '/';
  const path = RELEASE.languages.some((code) => url.pathname === `/${code}`) ? `${url.pathname}/` : url.pathname;
  return OURS.test(path) || PARTS.has(path) ? path : null;
}

async function answer(request, path) {
  if (path === '/') return Response.redirect(`/${spoken()}/`, 302);
  const hit = await find(path);
  if (hit) return hit;
  const old = await findInOlder(path);
  if (old) return old;
  if (path.startsWith('/static/')) return fetch(request);
  const [, language, , id] = path.split('/');
  if (Object.hasOwn(RELEASE.aliases, id ?? '')) return Response.redirect(`/${language}/k/${RELEASE.aliases[id]}`, 302);
  return newer(request, language);
}

/** By path, in our own cache: a search through all caches would find the oldest. */
async function find(path) {
  return (await caches.open(CACHE)).match(path, {ignoreVary: true});
}

/** A file of an older deck, or what a page of briefings kept. */
async function findInOlder(path) {
  if (!path.startsWith('/static/') && !BRIEFING.test(path) && !MAKER.test(path)) return;
  for (const name of (await caches.keys()).filter((key) => key.startsWith('deck-') || [BRIEFINGS, 'maker'].includes(key))) {
    const hit = await (await caches.open(name)).match(path, {ignoreVary: true});
    if (hit) return hit;
  }
}

/** A page that this deck does not have may be in a newer one; a network that never answers is given up on. */
async function newer(request, language) {
  try {
    return await fetch(request, {signal: AbortSignal.timeout(PATIENCE)});
  } catch {
    const gone = await find(`/${language}/gone`);
    return gone ? new Response(gone.body, {status: 404, headers: gone.headers}) : Response.error();
  }
}

function spoken() {
  const wanted = navigator.languages.map((tag) => tag.split('-')[0].toLowerCase());
  return wanted.find((code) => RELEASE.languages.includes(code)) ?? RELEASE.languages[0];
}

/* ---- list ---- */

const CACHE = `deck-${RELEASE.digest}`;
const PATHS = RELEASE.languages.flatMap((code) => RELEASE.pages.map((page) => `/${code}/${page}`));
/** Home with every section that is no card, which only a page of ours asks for. @param {string} language */
const whole = (language) => `/${language}/whole`;
const PARTS = new Set([...Object.keys(RELEASE.files), ...RELEASE.languages.map(whole)]);
// Also what may be newer than this deck, what is not kept, and what was mistyped: without a network each gets words of ours.
const OURS = new RegExp(`^/(${RELEASE.languages.join('|')})/`);
const BRIEFINGS = 'briefings';
const BRIEFING = new RegExp(`^/(${RELEASE.languages.join('|')})/b/[\\w-]{22}$`);
const MAKER = new RegExp(`^/(${RELEASE.languages.join('|')})/briefings/$`);
const THEME = 'theme';
/** @type {Promise<void> | null} */
let filling = null;
let dressing = Promise.resolve(); // one choice after another
const TOLD = 14 * 86_400_000;
const PATIENCE = 4000;
