// Tips: begin, choose, be left alone, stop. What the page asks of the worker, the last tips and the doctor are in tips/.
import {able, recall, tell, workers} from '#asking';
import {day, listInbox} from '#inbox';
import {examine, isQuiet} from '#doctor';

/** @typedef {import('#asking').State} State */
/** @typedef {import('#asking').Group} Group */
/** @typedef {import('#asking').Chosen} Chosen */

const LEGIBLE = 15_000;
const SOON = 60_000; // that a message to this device may take
const spoken = document.documentElement.lang;
/** @type {HTMLElement} */
let page;
/** Whether the server was reached just now. */
let reached = true;
/** Whether a message that was asked for did not come. */
let missed = false;
/** Whether a message to this device was asked for, which is still on its way. */
let awaited = false;
/** Whether it came while something else was being done, which then says that too. */
let arrived = false;
/** How many of the things that somebody asked for are under way. */
let underWay = 0;
/** What is said of what was done; without it the line says how things are. */
let said = '';
let standing = '';
/** @type {ReturnType<typeof setTimeout> | undefined} */
let fading;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

/** @param {HTMLElement} section */
export async function show(section) {
  page = section;
  listen();
  takeCode();
  await renew();
  await followLink();
  if ((await recall()).token) await look();
}

/** What is kept now: another window, or the settings of the browser, may have changed it. */
export async function renew() {
  if (!page) return;
  await draw();
  await listInbox(part('#tips-inbox'), part('#tips-none'));
}

/** Ask the server how things are, which mends what can be mended. */
async function look() {
  reached = await tell('look').then(() => true, () => false);
  await draw();
}

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
  document.onvisibilitychange = renew;
  if (workers) workers.onmessage = ({data, ports}) => {
    if (data?.tips === 'came') came(data.welcome);
    if (data?.tips === 'there') ports[0].postMessage(location.origin + location.pathname === data.href);
  };
  workers?.startMessages();
}

/** What a link to this page brings, and its value. */
const brought = () => /^#(join|proof)=([\w-]+)$/.exec(location.hash)?.slice(1) ?? [];

/** A poster's link brings a code, which stays in the address until it has led somewhere: the page in the other language
 * has it too. It is in its field before anything can be tapped, so that a quick thumb takes it along. */
function takeCode() {
  const [what, value] = brought();
  if (what !== 'join') return;
  setHash(location.hash);
  /** @type {HTMLInputElement} */ (part('#tips-code')).value = value;
}

/** Join with the code that is still in the address. A message that a phone showed by itself brings its proof. */
async function followLink() {
  const {token} = await recall();
  const [what, value] = brought(); // only now: a quick thumb may have joined with it
  if (what === 'proof') {
    setHash('');
    await change('POST', 'proof', {nonce: value}).then(draw, () => {});
  }
  if (what === 'join' && token) await attempt(join);
  else if (what === 'join' && !underWay) say('code', value);
}

/** @param {string} hash of the address, and of the ways to the other languages */
function setHash(hash) {
  history.replaceState(history.state, '', location.pathname + hash);
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('.languages a'))) link.hash = hash;
}

/** What somebody asked for, with what became of it in words. @param {() => Promise<string | void>} task */
async function attempt(task) {
  arrived = false;
  underWay += 1;
  say('busy');
  try {
    const word = await task();
    reached = true;
    if (arrived && (word === 'joined' || word === 'kept')) say('came', part('#tips-said').dataset[word]);
    else if (!arrived || (word && word !== 'sent')) say(word || '');
  } catch (error) {
    const {words, reason} = /** @type {{words?: string, reason?: string}} */ (error ?? {});
    const word = words ? '' : {browser: 'browser', TimeoutError: 'unsure'}[reason ?? ''] ?? 'network';
    reached = !word || word === 'browser';
    say(word, words);
    if (word === 'unsure') look(); // asked, and not answered
  }
  underWay -= 1;
  await draw();
}

/** The prompt comes on this very tap: nothing is waited for before it. */
async function begin() {
  if ((await Notification.requestPermission()) !== 'granted') return;
  const code = /** @type {HTMLInputElement} */ (part('#tips-code')).value;
  const {joined} = await expecting(tell('renew', {chosen: chosen(), code}));
  return joined ? isIn() : code && join(); // which tells what is wrong with it
}

async function choose() {
  return change('PUT', 'subscription', chosen());
}

async function join() {
  await change('POST', 'subscription/groups', {code: /** @type {HTMLInputElement} */ (part('#tips-code')).value});
  return isIn();
}

function isIn() {
  /** @type {HTMLInputElement} */ (part('#tips-code')).value = '';
  setHash('');
  return 'joined';
}

async function trial() {
  await expecting(change('POST', 'subscription/trial'));
  return 'sent';
}

/** A message to this device comes of what is asked, within a minute. @template T @param {Promise<T>} asking */
async function expecting(asking) {
  awaited = true;
  clearTimeout(waiting);
  try {
    return await asking;
  } catch (error) {
    awaited = false;
    throw error;
  } finally {
    waiting = setTimeout(miss, SOON);
  }
}

/** It did not come: that is said, with where to look; and an address that has ended is made again. */
async function miss() {
  if (!awaited) return;
  missed = true;
  say('missed');
  await look();
}

/** Erase this device everywhere. Where there is nothing to erase nobody waits. */
export async function stop() {
  const {token} = await recall();
  const told = tell('stop').then(({erased}) => (erased ? 'stopped' : 'late'));
  if (token) return told;
  told.catch(() => {});
  return 'stopped';
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
    language: String(form.get('language') ?? spoken),
    days: form.getAll('days').reduce((sum, day) => sum + Number(day), 0),
    moment: String(form.get('moment') ?? 'before'),
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    country: region.split('-')[0],
    region,
  };
}

/** Something came, or changed; that it was the message that somebody waits for is said once. @param {boolean} welcome */
async function came(welcome) {
  if (welcome) missed = false;
  await renew();
  if (!welcome || !awaited || !(await recall()).confirmed) return;
  awaited = false;
  arrived = true;
  say('came');
}

/** Everything on the page, as things are now. */
async function draw() {
  const known = await recall();
  const now = situation(known);
  standing = now;
  keepLine();
  if (now === 'wait' && !awaited) expecting(Promise.resolve());
  for (const each of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll('[data-when]'))) {
    each.hidden = !each.dataset.when?.split(' ').some((when) => when === now || (when === 'token' && known.token));
  }
  if (!underWay) fill(known); // what somebody chooses meanwhile is not taken back
  showState(known);
  await examine(page, known, reached, missed);
}

/** @param {State} known */
function situation(known) {
  if (!able) return 'standalone' in navigator && !navigator.standalone ? 'home' : 'none';
  if (Notification.permission === 'denied') return 'no';
  return known.token && Notification.permission === 'granted' ? (known.confirmed ? 'on' : 'wait') : 'off';
}

/** The choices; before any was made: school days, before school. @param {State} known */
function fill({chosen}) {
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (page.querySelectorAll('fieldset input'))) {
    if (input.name === 'days') input.checked = Boolean((chosen?.days ?? 31) & Number(input.value));
    else input.checked = input.value === (chosen?.[/** @type {'moment'} */ (input.name)] ?? {moment: 'before', language: spoken}[input.name]);
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

/** @param {string} word a word of the page, or "" @param {string} [more] what follows it */
function say(word, more = '') {
  said = `${part('#tips-said').dataset[word] ?? ''} ${more}`.trim();
  clearTimeout(fading);
  if (['kept', 'joined', 'came'].includes(word)) fading = setTimeout(say, LEGIBLE, ''); // good news need not stay
  keepLine();
}

/** While tips are on the line stays: nothing below it moves away under a thumb. */
function keepLine() {
  const line = part('#tips-said');
  const words = said || line.dataset[standing] || '';
  if (line.textContent !== words) line.textContent = words; // read aloud when it changes
  line.hidden = !words;
  line.toggleAttribute('data-rest', !said);
}
