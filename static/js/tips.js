// Tips: begin, choose, be left alone, stop; the last tips; and what stands between this device and the next one.
// The worker asks for the address and keeps what the server says (worker/push.js); this page asks it, and shows.
import {language} from '#router';

/** @typedef {{id: number, name: string}} Group */
/** @typedef {{language: string, days: number, moment: string, timezone: string, country: string, region: string}} Chosen */
/**
 * What is kept about this device, here and nowhere else but its own row at the server.
 * @typedef {object} State
 * @property {string} [token] who has it may change and erase the row
 * @property {string} [key] the server's key that the address was made with
 * @property {boolean} [confirmed] a message has arrived
 * @property {Chosen} [chosen]
 * @property {string | null} [muted] until when
 * @property {Group[]} [groups]
 * @property {{id: number, code: string}} [joined] by what was asked just now
 */
/** @typedef {{tip: number, tag: string, title: string, body: string, lang: string, path: string, at: number, read: boolean}} Tip */

const STORE = 'tips';
const STATE = '/-/tips';
const INBOX = '/-/tips/';
const PATIENCE = 30_000;
const LEGIBLE = 15_000;
const workers = navigator.serviceWorker;
const able = Boolean(workers) && 'PushManager' in globalThis && 'Notification' in globalThis;
/** @type {HTMLElement} */
let page;
/** Whether the server was reached just now. */
let reached = true;
/** Whether a message to this device was asked for, which is still on its way. */
let awaited = false;
/** Whether it came while something else was being done, which then says that too. */
let arrived = false;
/** How many of the things that somebody asked for are under way. */
let underWay = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let fading;

/** @param {HTMLElement} section */
export async function show(section) {
  page = section;
  listen();
  await followLink();
  await draw();
  await listInbox();
  if (!(await recall()).token) return;
  reached = await tell('look').then(() => true, () => false);
  await draw();
}

export const renew = () => page && draw();

/** @template {HTMLElement} T @param {string} selector */
const part = (selector) => /** @type {T} */ (page.querySelector(selector));

function listen() {
  const form = /** @type {HTMLFormElement} */ (part('#tips-choices'));
  for (const button of page.querySelectorAll('button')) {
    const {do: verb, mute} = button.dataset;
    if (verb) button.onclick = () => attempt({begin, stop, trial}[verb] ?? draw);
    if (mute) button.onclick = () => attempt(() => change('PUT', 'subscription/mute', {days: Number(mute)}));
  }
  form.onchange = (event) => /** @type {HTMLElement} */ (event.target).id !== 'tips-code' && attempt(choose);
  form.onsubmit = (event) => {
    event.preventDefault();
    attempt(join);
  };
  if (workers) workers.onmessage = ({data, ports}) => {
    if (data?.tips === 'came') came(data.welcome);
    if (data?.tips === 'there') ports[0].postMessage(location.origin + location.pathname === data.href);
  };
  workers?.startMessages();
}

/** A poster's link brings a code; a message that a phone showed by itself brings its proof. */
async function followLink() {
  const [, what, value] = /^#(join|proof)=([\w-]+)$/.exec(location.hash) ?? [];
  if (!what) return;
  history.replaceState(history.state, '', location.pathname);
  if (what === 'proof') return change('POST', 'proof', {nonce: value}).catch(() => {});
  /** @type {HTMLInputElement} */ (part('#tips-code')).value = value;
  if ((await recall()).token) await attempt(join);
  else say('code', value);
}

/** What somebody asked for, with what became of it in words. @param {() => Promise<string | void>} task */
async function attempt(task) {
  arrived = false;
  underWay += 1;
  say('busy');
  try {
    const word = await task();
    if (arrived && (word === 'joined' || word === 'kept')) say('came', part('#tips-said').dataset[word]);
    else if (!arrived || (word && word !== 'sent')) say(word || '');
  } catch (error) {
    const {words} = /** @type {{words?: string}} */ (error ?? {});
    say(words ? '' : 'network', words);
  }
  underWay -= 1;
  await draw();
}

/** The prompt comes on this very tap: nothing is waited for before it. */
async function begin() {
  if ((await Notification.requestPermission()) !== 'granted') return;
  const input = /** @type {HTMLInputElement} */ (part('#tips-code'));
  awaited = true;
  const {joined} = await tell('renew', {chosen: chosen(), code: input.value});
  if (!joined) return input.value && join(); // which tells what is wrong with it
  input.value = '';
  return 'joined';
}

async function choose() {
  return change('PUT', 'subscription', chosen());
}

async function join() {
  const input = /** @type {HTMLInputElement} */ (part('#tips-code'));
  await change('POST', 'subscription/groups', {code: input.value});
  input.value = '';
  return 'joined';
}

async function trial() {
  awaited = true;
  await change('POST', 'subscription/trial');
  return 'sent';
}

/** Erase this device everywhere. */
export async function stop() {
  const {erased} = await tell('stop');
  if (page) await listInbox();
  return erased ? 'stopped' : 'late';
}

/** @param {string} method @param {string} path @param {object} [asked] */
async function change(method, path, asked = {}) {
  await tell('change', {method, path, asked});
  return 'kept';
}

/** What the form says. @returns {Chosen} */
function chosen() {
  const form = new FormData(/** @type {HTMLFormElement} */ (part('#tips-choices')));
  const region = String(form.get('region') ?? '');
  return {
    language: String(form.get('language') ?? language),
    days: form.getAll('days').reduce((sum, day) => sum + Number(day), 0),
    moment: String(form.get('moment') ?? 'before'),
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    country: region.split('-')[0],
    region,
  };
}

/** Ask the worker, and wait for what it says. @param {string} tips @param {object} [more] @returns {Promise<State & {erased?: boolean}>} */
function tell(tips, more) {
  return new Promise((resolve, reject) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = ({data}) => (data.state ? resolve(data.state) : reject(data));
    workers.ready.then(({active}) => active?.postMessage({tips, ...more}, [port2]));
    setTimeout(reject, PATIENCE, {}); // also where there is no worker, because it could not be fetched
  });
}

/** @returns {Promise<State>} */
async function recall() {
  const kept = await globalThis.caches?.match(STATE, {cacheName: STORE});
  return kept ? kept.json() : {};
}

/** Something came; that it was what somebody waits for is said once. @param {boolean} welcome */
async function came(welcome) {
  await draw();
  await listInbox();
  if (!welcome || !awaited || !(await recall()).confirmed) return;
  awaited = false;
  arrived = true;
  say('came');
}

/** Everything on the page, as things are now. */
async function draw() {
  const known = await recall();
  const now = situation(known);
  awaited ||= now === 'wait';
  for (const each of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll('[data-when]'))) {
    each.hidden = !each.dataset.when?.split(' ').includes(now);
  }
  if (!underWay) fill(known); // what somebody chooses meanwhile is not taken back
  showState(known);
  await examine(known);
}

/** @param {State} known */
function situation(known) {
  if (!able) return 'standalone' in navigator && !navigator.standalone ? 'home' : 'none';
  if (Notification.permission === 'denied') return 'no';
  return known.token ? (known.confirmed ? 'on' : 'wait') : 'off';
}

/** The choices; before any was made: school days, before school. @param {State} known */
function fill({chosen}) {
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (page.querySelectorAll('fieldset input'))) {
    if (input.name === 'days') input.checked = Boolean((chosen?.days ?? 31) & Number(input.value));
    else input.checked = input.value === (chosen?.[/** @type {'moment'} */ (input.name)] ?? {moment: 'before', language}[input.name]);
  }
  /** @type {HTMLSelectElement} */ (part('#tips-region')).value = chosen?.region ?? '';
}

/** Schools, and until when it is quiet. @param {State} known */
function showState({groups, muted}) {
  const list = part('#tips-groups');
  list.replaceChildren(...(groups ?? []).map((group) => schoolRow(group, list.dataset.leave ?? '')));
  const quiet = isQuiet({muted});
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll('[data-mute]'))) button.hidden = (button.dataset.mute === '0') !== quiet;
  const until = part('#tips-until');
  until.hidden = !quiet;
  until.textContent = quiet ? `${until.dataset.muted} ${day(new Date(String(muted)))}` : '';
}

/** @param {State} known */
const isQuiet = ({muted}) => Boolean(muted && new Date(muted) > new Date());

/** @param {Date} date */
const day = (date) => date.toLocaleDateString(language === 'en' ? 'en-GB' : language, {weekday: 'long', day: 'numeric', month: 'long'});

/** @param {Group} group @param {string} leave */
function schoolRow({id, name}, leave) {
  const row = document.createElement('li');
  const button = document.createElement('button');
  row.textContent = name;
  button.type = 'button';
  button.className = 'quiet';
  button.textContent = leave;
  button.setAttribute('aria-label', `${leave}: ${name}`);
  button.onclick = () => attempt(() => change('DELETE', `subscription/groups/${id}`));
  row.append(button);
  return row;
}

/** The doctor: what can be known, and no more. @param {State} known */
async function examine(known) {
  const registration = able ? await workers.getRegistration('/') : null;
  const subscription = await registration?.pushManager.getSubscription();
  const there = Boolean(known.token);
  /** @type {Record<string, boolean | null>} */
  const found = {
    can: able,
    may: able && Notification.permission === 'granted',
    has: Boolean(subscription) && there,
    proved: reached ? there && Boolean(known.confirmed) : null,
    group: reached ? Boolean(known.groups?.length) : null,
    awake: !isQuiet(known),
  };
  const {yes, no, unseen} = part('.checks').dataset;
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll('[data-check]'))) {
    const fine = found[row.dataset.check ?? ''];
    const [mark, , help] = /** @type {HTMLCollectionOf<HTMLElement>} */ (row.children);
    row.dataset.is = String(fine);
    mark.textContent = (fine === null ? unseen : fine ? yes : no) ?? '';
    if (help) help.hidden = fine !== false;
  }
}

async function listInbox() {
  const store = (await globalThis.caches?.has(STORE)) ? await caches.open(STORE) : null;
  const kept = ((await store?.keys()) ?? []).filter((request) => new URL(request.url).pathname.startsWith(INBOX));
  /** @type {Tip[]} */
  const tips = await Promise.all(kept.map(async (request) => (await store?.match(request))?.json()));
  part('#tips-inbox').replaceChildren(...tips.sort((a, b) => b.at - a.at).map(tipRow));
  part('#tips-none').hidden = tips.length > 0;
}

/** @param {Tip} tip */
function tipRow(tip) {
  const row = document.createElement('li');
  const link = document.createElement('a');
  const [title, body, date] = ['b', 'span', 'small'].map((name) => document.createElement(name));
  title.textContent = tip.title;
  body.textContent = `${tip.body} `;
  title.lang = body.lang = tip.lang;
  date.textContent = (tip.read ? '' : part('#tips-inbox').dataset.new) + day(new Date(tip.at));
  link.href = tip.path;
  link.toggleAttribute('data-new', !tip.read);
  link.append(title, body, date);
  link.onclick = () => void caches.open(STORE).then((store) => store.put(INBOX + tip.tag, Response.json({...tip, read: true})));
  row.append(link);
  return row;
}

/** @param {string} word a word of the page, or "" @param {string} [more] what follows it */
function say(word, more = '') {
  const line = part('#tips-said');
  line.textContent = `${line.dataset[word] ?? ''} ${more}`.trim();
  clearTimeout(fading);
  if (['kept', 'joined', 'came'].includes(word)) fading = setTimeout(() => (line.hidden = true), LEGIBLE); // good news need not stay
  line.hidden = !line.textContent;
}
