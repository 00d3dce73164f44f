// The maker's page stays on this device: a briefing is begun, changed and shown without a network, and sealed when there is
// one. Page and files stand in a cache of their own, which the worker answers from.
import {keepWorker} from '#keep';
import {ownHeaders} from '#kept';

const CACHE = 'maker';

/** Keep the page in every language as it is now, or else what was kept before. @param {string[]} languages */
export async function stay(languages) {
  keepWorker();
  try {
    const pages = await Promise.all(languages.map((language) => ask(`/${language}/briefings/`)));
    const cache = await caches.open(CACHE);
    const files = named(pages.map(({html}) => html).join());
    await Promise.all([...files].map(async (path) => (await cache.match(path)) ?? cache.add(path)));
    await Promise.all(pages.map(({path, html, headers}) => cache.put(path, new Response(html, {headers}))));
    await tidy(cache, files);
  } catch {
    // no network, no storage, or a portal that answers for us
  }
}

/** @param {string} path */
async function ask(path) {
  const answer = await fetch(path, {cache: 'no-cache', credentials: 'omit', redirect: 'error'});
  const html = await answer.text();
  if (!answer.ok || !html.includes('id="making"')) throw new Error(`${path} answered ${answer.status}`);
  return {path, html, headers: ownHeaders(answer)};
}

/** What another deploy left goes; this page is open, and may still ask for what it names. @param {Cache} cache @param {Set<string>} files */
async function tidy(cache, files) {
  const here = named(document.documentElement.outerHTML);
  for (const request of await cache.keys()) {
    const {pathname} = new URL(request.url);
    if (pathname.startsWith('/static/') && !files.has(pathname) && !here.has(pathname)) await cache.delete(request);
  }
}

/** The files that a page names, in its import map too. @param {string} html */
const named = (html) => new Set(html.match(/\/static\/[\w./-]+/g));
