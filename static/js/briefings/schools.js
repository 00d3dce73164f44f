// Templates that a school's coaches offer: had by its join code, or by itself where this device gets that school's tips.
// They are kept here, for when they cannot be fetched; what was withdrawn goes when the server is next asked.

/** @typedef {import('#drafts').Draft} Draft */
/** @typedef {{days: number, cards: string[], words: Record<string, Record<string, string>>}} Offered */
/** @typedef {{code: string, group: string, templates: Offered[]}} School */

const KEPT = 'houvast.schools';
const MOST = 5;
const PATIENCE = 20_000; // ms with a network that does not answer
const TIPS = 'tips'; // the worker's cache, see worker/push.js
const STATE = '/-/tips';
const language = document.documentElement.lang;
const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const form = /** @type {HTMLFormElement} */ (element('with-code'));
const input = /** @type {HTMLInputElement} */ (element('school-code'));
/** @type {(draft: Draft) => void} */
let begin;
/** @type {string[]} */
let ofTips = [];
const workers = navigator.serviceWorker;

/** @param {(draft: Draft) => void} write what begins a briefing */
export async function beginSchools(write) {
  begin = write;
  form.onsubmit = (event) => {
    event.preventDefault();
    look(input.value);
  };
  addEventListener('hashchange', followLink);
  draw();
  followLink();
  ofTips = await codesOfTips().catch(() => []);
  workers?.addEventListener('message', ({data}) => data?.tips === 'came' && askNew());
  workers?.startMessages();
  const said = await askAll([...new Set([...kept().map((school) => school.code), ...ofTips])]);
  draw();
  if (said.some(Boolean) && ofTips.length) workers.ready.then(({active}) => active?.postMessage({tips: 'look'}));
}

/** @param {string[]} codes */
const askAll = (codes) => Promise.all(codes.map((code) => ask(code).catch(() => '')));

/** The worker asked the server: a school that took a new code keeps the readers whom it has. */
async function askNew() {
  const codes = await codesOfTips().catch(() => []);
  const news = codes.filter((code) => !ofTips.includes(code));
  ofTips = codes;
  if (!news.length) return;
  await askAll(news);
  draw();
}

function followLink() {
  const [, linked] = /^#school=([\w-]+)$/.exec(location.hash) ?? [];
  if (!linked) return;
  history.replaceState(null, '', location.pathname);
  look(linked);
}

/** What somebody typed, with what became of it in words. @param {string} typed */
async function look(typed) {
  const said = element('no-school');
  const part = /** @type {HTMLDetailsElement} */ (element('of-a-school'));
  input.value = typed;
  part.open = true;
  said.hidden = false;
  said.textContent = said.dataset.busy ?? '';
  said.textContent = await ask(typed).catch(() => said.dataset.later ?? '');
  said.hidden = !said.textContent;
  if (said.textContent) return;
  form.reset();
  part.open = false;
  draw();
  element('schools').querySelector('h2')?.scrollIntoView();
}

/** "" when the school's templates are kept now, else why not; throws without a network. @param {string} code @returns {Promise<string>} */
async function ask(code) {
  const answer = await fetch('/api/templates', {signal: AbortSignal.timeout(PATIENCE), headers: {authorization: `Bearer ${code.replace(/[^\w-]/g, '')}`, 'accept-language': language}});
  const told = await answer.json();
  const before = kept();
  if (answer.status === 404) keep(before.filter((school) => school.code !== code));
  else if (answer.ok && before.some((school) => school.code === told.code)) keep(before.map((school) => (school.code === told.code ? told : school)));
  else if (answer.ok) keep([told, ...before].slice(0, MOST));
  return answer.ok ? '' : told.words;
}

/** The join codes of the groups whose tips this device gets. @returns {Promise<string[]>} */
async function codesOfTips() {
  const state = await (await globalThis.caches?.match(STATE, {cacheName: TIPS}))?.json();
  return (state?.groups ?? []).map((/** @type {{id: number}} */ {id}) => state.codes?.[id]).filter(Boolean);
}

function draw() {
  element('schools').replaceChildren(...kept().map(shown));
}

/** @param {School} school */
function shown({code, group, templates}) {
  const part = /** @type {HTMLElement} */ (element('school').cloneNode(true));
  part.removeAttribute('id');
  part.hidden = false;
  const headline = /** @type {HTMLElement} */ (part.querySelector('h2'));
  headline.textContent = (headline.dataset.words ?? '').replace('{n}', () => String(group));
  const list = /** @type {HTMLElement} */ (part.querySelector('ul'));
  const sample = /** @type {HTMLElement} */ (list.firstElementChild);
  list.replaceChildren(...templates.map((template) => row(sample, template)));
  /** @type {HTMLElement} */ (part.querySelector('.none')).hidden = templates.length > 0;
  const remove = /** @type {HTMLButtonElement} */ (part.querySelector('[data-do=remove]'));
  remove.hidden = ofTips.includes(code);
  remove.onclick = () => {
    keep(kept().filter((school) => school.code !== code));
    draw();
  };
  return part;
}

/** @param {HTMLElement} sample @param {Offered} template */
function row(sample, template) {
  const item = /** @type {HTMLElement} */ (sample.cloneNode(true));
  const spoken = language in template.words ? language : Object.keys(template.words)[0];
  const {title, hint, ...items} = template.words[spoken];
  for (const [tag, text] of [['b', title], ['small', hint]]) /** @type {HTMLElement} */ (item.querySelector(tag)).textContent = text;
  /** @type {HTMLElement} */ (item.querySelector('span')).lang = spoken;
  const parts = Object.fromEntries(Object.entries(items).map(([name, text]) => [name, {lang: spoken, text: String(text)}]));
  /** @type {HTMLElement} */ (item.querySelector('button')).onclick = () =>
    begin({title: '', name: '', phone: '', parts, cards: template.cards, days: Number(template.days)});
  return item;
}

/** @returns {School[]} newest first */
function kept() {
  try {
    const all = JSON.parse(localStorage.getItem(KEPT) ?? '[]');
    return Array.isArray(all) ? all.filter((school) => school?.code && Array.isArray(school.templates)) : [];
  } catch {
    return [];
  }
}

/** @param {School[]} schools */
function keep(schools) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(schools));
  } catch {
    // private browsing, or no room: there is nothing to begin with but the templates of Houvast
  }
}
