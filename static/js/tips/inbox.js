// The last tips on this device, as the worker keeps them.
import {STORE} from '#asking';

/** @typedef {{tip: number, tag: string, title: string, body: string, lang: string, path: string, at: number, read: boolean}} Tip */

const INBOX = '/-/tips/';
const language = document.documentElement.lang;

/** @param {HTMLElement} list @param {HTMLElement} none what is said when there are none */
export async function listInbox(list, none) {
  const store = (await globalThis.caches?.has(STORE)) ? await caches.open(STORE) : null;
  const kept = ((await store?.keys()) ?? []).filter((request) => new URL(request.url).pathname.startsWith(INBOX));
  /** @type {Tip[]} */
  const tips = (await Promise.all(kept.map(async (request) => (await store?.match(request))?.json()))).filter(Boolean);
  list.replaceChildren(...tips.sort((a, b) => b.at - a.at).map((tip) => tipRow(tip, list.dataset.new ?? '')));
  none.hidden = tips.length > 0;
}

/** @param {Tip} tip @param {string} fresh what stands before the day of one that is new */
function tipRow(tip, fresh) {
  const row = document.createElement('li');
  const link = document.createElement('a');
  const [title, body, date] = ['b', 'span', 'small'].map((name) => document.createElement(name));
  title.textContent = tip.title;
  body.textContent = `${tip.body} `;
  title.lang = body.lang = tip.lang;
  date.textContent = (tip.read ? '' : fresh) + day(new Date(tip.at));
  link.href = tip.path;
  link.toggleAttribute('data-new', !tip.read);
  link.append(title, body, date);
  link.onclick = () => {
    link.removeAttribute('data-new'); // a tip without a card leads to where it stands
    date.textContent = day(new Date(tip.at));
    caches.open(STORE).then((store) => store.put(INBOX + tip.tag, Response.json({...tip, read: true})));
  };
  row.append(link);
  return row;
}

/** @param {Date} date */
export const day = (date) => date.toLocaleDateString(language === 'en' ? 'en-GB' : language, {weekday: 'long', day: 'numeric', month: 'long'});
