// The maker's page: begin with a template, with the last one or with a draft; write; seal; share.
import {deck, faces} from '#choosing';
import {drafts, dropDraft, keepDraft, keepOwn, own, takeAlong, takenAlong} from '#drafts';
import {SealError, fresh, idOf} from '#sealing';
import {beginSchools} from '#schools';
import {isSure, renew, say, send, showDrafts, showList, showShare, take} from '#sharing';
import {asNew, beginWriting, expiry, fill, fromTemplate, value, warn} from '#writing';

/** @typedef {import('#drafts').Own} Own */
/** @typedef {import('#drafts').Draft} Draft */

const PAUSE = 60_000; // ms before who comes back to this page sees the list anew
const language = document.documentElement.lang;
const others = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('.languages a'));
const languages = [language, ...[...others].map((link) => link.hreflang)];
const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const form = /** @type {HTMLFormElement} */ (element('write'));
const button = /** @type {HTMLButtonElement} */ (form.querySelector('[type=submit]'));
const label = /** @type {HTMLElement} */ (button.querySelector('span'));
const plain = label.textContent;
let untouched = ''; // the template in the form, until something is changed
let slot = ''; // of the draft that it becomes
let looked = 0; // when the list was last shown

beginWriting((written) => {
  untouched = '';
  askAgain(); // what was agreed to was another text
  keepDraft(slot, written);
});
for (const template of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-template]'))) {
  template.onclick = () => beginWith(template.dataset.template ?? '');
}
for (const link of others) link.addEventListener('click', leave);
element('copy-last').onclick = () => write(copyOf(own()[0]));
element('away').onclick = element('done').onclick = () => {
  begin();
  focus('h1');
};
form.onsubmit = submit;
beginSchools(write);
addEventListener('hashchange', takeLink);
addEventListener('visibilitychange', comeBack);
Promise.resolve().then(begin).then(goOn).then(() => (document.documentElement.dataset.ready = '')).then(takeLink); // the page first: a network may not answer
import('#staying').then(({stay}) => stay(languages)).then(() => (document.documentElement.dataset.kept = ''));

function begin() {
  show('begin');
  showDrafts((waiting) => goOnWith(drafts().find((one) => one.slot === waiting.slot) ?? waiting));
  list();
}

/** With what readers wrote back and another device changed since. */
function list() {
  looked = Date.now();
  showList((what, briefing) => {
    if (what === 'show') share(briefing);
    else if (what === 'copy') write(copyOf(briefing));
    else change(briefing);
  });
}

/** Whose keyboard is in the list keeps their place in it. */
function comeBack() {
  if (document.visibilityState === 'hidden' || element('begin').hidden || Date.now() - looked < PAUSE) return;
  if (!element('list').contains(document.activeElement)) list();
}

/** @param {import('#drafts').Waiting} waiting */
const goOnWith = (waiting) => write(waiting.draft, waiting.slot);

/** Where it was left: a change that was begun goes on. Another tab may have changed it since the list was shown. @param {Own} listed */
function change(listed) {
  const begun = drafts().find(({draft}) => draft.of === listed.id);
  if (begun) return goOnWith(begun);
  const briefing = own().find(({id}) => id === listed.id) ?? listed;
  write({...briefing.draft, of: briefing.id, after: briefing.revision});
}

/** @param {string} template */
function beginWith(template) {
  write(fromTemplate(element(`template-${template}`)));
  untouched = template;
}

/** To the page in another language: who is writing goes on writing there. */
function leave() {
  if (form.hidden) return;
  if (untouched) takeAlong({template: untouched});
  else if (keepDraft(slot, value())) takeAlong({slot});
}

function goOn() {
  const along = takenAlong();
  const begun = drafts().find((waiting) => waiting.slot === along.slot);
  if (along.template) beginWith(along.template);
  else if (begun) goOnWith(begun);
}

/** For another time: as many days, not the same ones. @param {Own} briefing */
const copyOf = (briefing) => ({...briefing.draft, until: undefined, of: undefined, after: undefined});

/** @param {Draft} given @param {string} [begun] the slot of a draft */
function write(given, begun = fresh()) {
  show('write');
  untouched = '';
  slot = begun;
  fill(given);
  askAgain();
  element('refused').hidden = true;
  focus('h1');
  Promise.all(languages.map(deck)).catch(() => {}); // ahead, so that sealing need not wait; without a network it says so then
}

/** @param {string} part */
function show(part) {
  for (const name of ['begin', 'write', 'share']) element(name).hidden = name !== part;
  scrollTo(0, 0);
}

/** What was tapped is not there any more: go on at the top, on a headline, which opens no keyboard on a phone. @param {string} headline */
const focus = (headline) => /** @type {HTMLElement} */ (element('making').querySelector(headline)).focus({preventScroll: true});

/** @param {SubmitEvent} event */
async function submit(event) {
  event.preventDefault();
  const found = warn();
  if (found && !isSure(button)) return point(found);
  const agreed = label.textContent;
  label.textContent = button.dataset.busy ?? '';
  form.inert = true; // what is sent is what stands there
  const wrong = await sealAndSend().catch((error) => (error instanceof TypeError ? 'later' : 'refused'));
  form.inert = false;
  label.textContent = agreed;
  tellWrong(wrong);
}

/** To what was found, told as well: it is under its field, somewhere in a long form. @param {number} found */
function point(found) {
  const told = element('found');
  told.textContent = (found > 1 ? told.dataset.more : told.dataset.one)?.replace('{n}', String(found)) ?? '';
  const first = /** @type {HTMLElement | null} */ (form.querySelector('.warnings:not([hidden])'));
  first?.closest('.part, form')?.scrollIntoView({block: 'start'}); // with what was written
  first?.focus({preventScroll: true});
}

function askAgain() {
  button.removeAttribute('data-asked');
  label.textContent = plain;
  element('found').textContent = '';
}

/** Nothing is lost by it: what was written waits as a draft. @param {string} wrong */
function tellWrong(wrong) {
  const refused = element('refused');
  refused.hidden = !wrong;
  if (!wrong) return;
  const {[wrong]: words = refused.dataset.refused, kept, unkept} = refused.dataset;
  refused.textContent = `${words} ${keepDraft(slot, value()) ? kept : unkept}`;
  refused.scrollIntoView({block: 'center'});
  button.focus({preventScroll: true});
}

/** "" when it is sealed, sent and shown to be shared; else the word for what went wrong. */
async function sealAndSend() {
  const {of, after = 0, ...written} = value();
  const before = own().find((briefing) => briefing.id === of);
  let {wrong, briefing} = await sendAfter(before, before ? after : 0, written);
  const arrived = wrong === 'behind' && before ? await unheard(before) : null;
  if (arrived) ({wrong, briefing} = await sendAfter(arrived, arrived.revision, written));
  if (wrong === 'behind' || wrong === 'gone') asNew();
  if (wrong) return wrong;
  keepOwn(briefing);
  dropDraft(slot);
  share(briefing, Boolean(before));
  return '';
}

/** @param {Own | undefined} before what it changes @param {number} after the revision that was read, 0 for none @param {Draft} written @returns {Promise<{wrong: string, briefing: Own}>} */
async function sendAfter(before, after, written) {
  const made = Date.now();
  const token = before?.token ?? fresh();
  /** @type {Own} */
  const briefing = {id: await idOf(token), token, key: before?.key ?? fresh(), revision: after + 1,
    expires: Math.floor(expiry() / 1000), written: made, draft: written};
  const {title, name, phone, parts} = written;
  const text = {title: {lang: language, text: title}, person: {name, phone}, parts, cards: await faces(languages), expires: briefing.expires, made};
  if (before) keepOwn({...before, tried: [...(before.tried ?? []), made]});
  return {wrong: await send(briefing, after, text), briefing};
}

/** A change that this device sent, whose answer was lost on the way here. Of another device's the list hears. @param {Own} before */
async function unheard(before) {
  const {id, token, key, tried = []} = before;
  const there = await take(id, token, key);
  if (there && tried.includes(there.written)) return {...there, tried};
  await renew(before);
  return null;
}

/** @param {Own} briefing @param {boolean} [changed] */
function share(briefing, changed = false) {
  show('share');
  showShare(briefing, changed);
  focus('.done');
}

/** The maker's link of a briefing that was made elsewhere: from now on it can be changed here too. */
async function takeLink() {
  const found = /^#([\w-]{22})\.([\w-]{22})$/.exec(location.hash);
  if (!found) return;
  history.replaceState(null, '', location.pathname);
  const [, token, key] = found;
  try {
    const briefing = await take(await idOf(token), token, key);
    say(!briefing ? 'lost' : keepOwn(briefing) ? 'taken' : 'unkept');
    list();
  } catch (error) {
    say(error instanceof SealError ? 'key' : 'later');
  }
}
