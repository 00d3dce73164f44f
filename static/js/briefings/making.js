// The maker's page: begin with a template, with the last one or with a draft; write; seal; share.
import {deck, faces} from '#choosing';
import {draft, keepDraft, keepOwn, own, takeAlong, takenAlong} from '#drafts';
import {fresh, idOf} from '#sealing';
import {beginSchools} from '#schools';
import {say, send, showList, showShare, take} from '#sharing';
import {beginWriting, expiry, fill, fromTemplate, value, warn} from '#writing';

/** @typedef {import('#drafts').Own} Own */

const language = document.documentElement.lang;
const others = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('.languages a'));
const languages = [language, ...[...others].map((link) => link.hreflang)];
const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const form = /** @type {HTMLFormElement} */ (element('write'));
const button = /** @type {HTMLButtonElement} */ (form.querySelector('[type=submit]'));
const label = /** @type {HTMLElement} */ (button.querySelector('span'));
const plain = label.textContent;
let untouched = ''; // the template in the form, until something is changed

beginWriting((written) => {
  untouched = '';
  label.textContent = plain; // what was agreed to was another text
  keepDraft(written);
});
for (const template of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-template]'))) {
  template.onclick = () => beginWith(template.dataset.template ?? '');
}
for (const link of others) link.addEventListener('click', leave);
element('copy-last').onclick = () => write(copyOf(own()[0]));
element('go-on').onclick = () => write(/** @type {import('#drafts').Draft} */ (draft()));
element('away').onclick = element('done').onclick = () => {
  begin();
  focus('h1');
};
form.onsubmit = submit;
beginSchools(write);
takeLink().then(begin).then(goOn).then(() => (document.documentElement.dataset.ready = ''));
import('#staying').then(({stay}) => stay(languages)).then(() => (document.documentElement.dataset.kept = ''));

function begin() {
  show('begin');
  element('draft').hidden = !draft();
  showList((what, briefing) => {
    if (what === 'show') return share(briefing);
    write(what === 'change' ? {...briefing.draft, of: briefing.id} : copyOf(briefing));
  });
}

/** @param {string} template */
function beginWith(template) {
  write(fromTemplate(element(`template-${template}`)));
  untouched = template;
}

/** To the page in another language: who is writing goes on writing there. */
function leave() {
  if (form.hidden) return;
  if (untouched || keepDraft(value())) takeAlong(untouched);
}

function goOn() {
  const along = takenAlong();
  const written = draft();
  if (along) beginWith(along);
  else if (along === '' && written) write(written);
}

/** For another time: as many days, not the same ones. @param {Own} briefing */
const copyOf = (briefing) => ({...briefing.draft, until: undefined, of: undefined});

/** @param {import('#drafts').Draft} given */
function write(given) {
  show('write');
  untouched = '';
  fill(given);
  label.textContent = plain;
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
  if (warn() && label.textContent === plain) {
    label.textContent = button.dataset.sure ?? '';
    form.querySelector('.warnings:not([hidden])')?.closest('.part')?.scrollIntoView({block: 'start'}); // with what was written
    return;
  }
  button.disabled = true;
  const wrong = await sealAndSend().catch((error) => (error instanceof TypeError ? 'later' : 'refused'));
  button.disabled = false;
  const refused = element('refused');
  refused.hidden = !wrong;
  refused.textContent = refused.dataset[wrong] ?? refused.dataset.refused ?? '';
  if (wrong) refused.scrollIntoView({block: 'center'});
}

/** "" when it is sealed, sent and shown to be shared; else the word for what went wrong. */
async function sealAndSend() {
  const {of, ...written} = value();
  const before = own().find((briefing) => briefing.id === of);
  const token = before?.token ?? fresh();
  const made = Date.now();
  /** @type {Own} */
  const briefing = {id: await idOf(token), token, key: before?.key ?? fresh(), revision: (before?.revision ?? 0) + 1,
    expires: Math.floor(expiry() / 1000), written: made, draft: written};
  const {title, name, phone, parts} = written;
  const text = {title: {lang: language, text: title}, person: {name, phone}, parts, cards: await faces(languages), expires: briefing.expires, made};
  const wrong = await send(briefing, before?.revision ?? 0, text);
  if (wrong) return wrong;
  keepOwn(briefing);
  keepDraft(null);
  share(briefing, Boolean(before));
  return '';
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
    if (briefing) keepOwn(briefing);
    say(briefing ? 'taken' : 'lost');
  } catch {
    say('later');
  }
}
