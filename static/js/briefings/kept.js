// A reader's briefings on this device: ciphertext, page and scripts in a cache of their own. The key is not in it; it
// stays in the link. What is over is erased: by this page, and by the worker whenever Houvast opens.

const CACHE = 'briefings';
const UNTIL = 'x-until';
const OVER = 'x-over';
const TOLD = 14 * 86_400_000; // how long this device still says that a briefing is over

/** @typedef {{revision: number, expires: number, sealed: string}} Kept `expires` in seconds since 1970 */

/** @param {string} id */
export const addressOf = (id) => `/api/briefings/${id}`;

/** What this device has of a briefing, over or not. @param {string} id @returns {Promise<Kept | null>} */
export async function find(id) {
  const [revision, expires, sealed] = (document.getElementById('briefing')?.dataset.sealed ?? '').split(' ');
  if (sealed) return {revision: Number(revision), expires: Number(expires), sealed}; // a page that was kept brings it along
  try {
    const hit = await caches.match(addressOf(id), {cacheName: CACHE});
    return (await hit?.json()) ?? null;
  } catch {
    return null; // no storage: as if nothing was kept
  }
}

/** Keep the ciphertext, and the pages and files that open it, in every language. @param {string} id @param {Kept} kept */
export async function keep(id, kept) {
  const cache = await caches.open(CACHE);
  const headers = {'content-type': 'application/json', [UNTIL]: String(kept.expires * 1000)};
  await cache.put(addressOf(id), new Response(JSON.stringify(kept), {headers}));
  for (const language of languages()) await keepPage(cache, `/${language}/b/${id}`, kept);
}

/** Erase all of a briefing from this device; what stays is an empty page that says so. @param {string} id */
export async function erase(id) {
  const cache = await caches.open(CACHE);
  await cache.delete(addressOf(id));
  for (const language of languages()) await empty(cache, `/${language}/b/${id}`);
  const left = await cache.keys();
  if (left.some((request) => request.url.includes('/api/'))) return;
  for (const request of left) if (!request.url.includes('/b/')) await cache.delete(request);
  if (!(await cache.keys()).length) await caches.delete(CACHE);
}

/** A browser that looks into this cache by itself finds the page without its text, in place of an error of its own. @param {Cache} cache @param {string} path */
async function empty(cache, path) {
  const page = await cache.match(path);
  if (!page || page.headers.has(OVER)) return;
  const html = (await page.text()).replace(/(id="briefing" data-)sealed="[^"]*/, '$1sealed="over'); // this very file is in the page: it must not find itself
  const headers = new Headers(page.headers);
  headers.set(OVER, 'yes');
  headers.set(UNTIL, String(Date.now() + TOLD));
  await cache.put(path, new Response(html, {headers}));
}

/** Files first, then the page: a page that is kept is whole. @param {Cache} cache @param {string} path @param {Kept} kept */
async function keepPage(cache, path, kept) {
  const answer = await fetch(path, {cache: 'no-cache', credentials: 'omit'});
  if (!answer.ok || answer.redirected) return;
  const page = dressed(await answer.text()).replace('data-sealed=""', `data-sealed="${kept.revision} ${kept.expires} ${kept.sealed}"`);
  for (const name of named(page)) if (!(await cache.match(name))) await cache.add(name);
  const {html, hashes} = await inOne(cache, page);
  const headers = ownHeaders(answer);
  headers.set('content-security-policy', (headers.get('content-security-policy') ?? '').replaceAll(/(script|style)-src 'self'/g, `$& ${hashes}`));
  headers.set(UNTIL, String(kept.expires * 1000));
  await cache.put(path, new Response(html, {headers}));
}

/** What was unpacked here has no encoding, length or tag, and asks for nothing ahead. @param {Response} answer */
export function ownHeaders(answer) {
  const headers = new Headers(answer.headers);
  for (const name of ['content-encoding', 'content-length', 'etag', 'vary', 'link']) headers.delete(name);
  return headers;
}

/**
 * In the device's own font, as other pages that it keeps (worker/cut.js).
 * With the colours of now in place of the script that looks them up, which is slow on a phone that has just started; should they
 * be chosen anew, reading.js changes them after the paint, and the next page that is kept has them.
 * @param {string} page
 */
function dressed(page) {
  const {theme} = document.documentElement.dataset;
  const choice = theme ? `data-theme="${theme}" ` : '';
  const font = /Android|Linux|CrOS/.test(navigator.userAgent) ? 'data-font="own" ' : '';
  return page.replace(/<script src="[^"]*"><\/script>\n?/, '').replace('<html ', `$&${choice}${font}`);
}

/** The files that a page names outside its import map, which lists the maker's as well. @param {string} html */
const named = (html) => [...html.matchAll(/ (?:href|src|content)="([^"]*)"/g)].flatMap(([, value]) => value.split(' ')).filter((path) => path.startsWith('/static/'));

/**
 * Style and scripts into the page itself, by their hashes: a page that needs nothing else is read soonest. Its first frame
 * is the opened briefing (reading.js, state()), not half of a page and not an empty one.
 * @param {Cache} cache
 * @param {string} page
 */
async function inOne(cache, page) {
  const hashes = [];
  let html = page.replace(/<link rel="manifest"[^>]*>/, '').replace('<head>', '<head><link rel="expect" href="#call" blocking="render">').replace('<body>', '<body data-waiting>');
  for (const [tag, , path] of page.matchAll(/<(link rel="stylesheet" href|script type="module" blocking="render" src)="([^"]+)">(?:<\/script>)?/g)) {
    const text = await (await cache.match(path))?.text() ?? '';
    const opening = tag.startsWith('<link') ? '<style>' : tag.replace(/ src="[^"]*"/, '').replace(/><.*/, '>');
    const closing = opening.replace('<', '</').replace(/ [^>]*/, ''); // never in one piece: this very file goes into the page
    if (!text || text.includes(closing)) continue;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
    hashes.push(`'sha256-${btoa(String.fromCharCode(...digest))}'`);
    html = html.replace(tag, () => opening + text + closing);
  }
  return {html, hashes: hashes.join(' ')};
}

/** The languages of the page's own switch, this one included. */
function languages() {
  const others = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('.languages a'));
  return [document.documentElement.lang, ...[...others].map((link) => link.hreflang)];
}
