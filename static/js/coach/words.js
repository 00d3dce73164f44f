// What a coach typed into a form of words stays in this tab until it has arrived: over a change of language, and when the
// session has ended. It never leaves the browser, and belongs to one coach and one address.
const KEY = 'words ';
const TICKED = ['radio', 'checkbox', 'date']; // for when, and for whom
const coach = document.body.dataset.coach ?? '';
const form = /** @type {HTMLFormElement | null} */ (document.querySelector('form:has([data-words])'));
try {
  if (form) begin(form);
  if (document.querySelector('.outcome, [data-arrived]')) forget((kept) => kept.as === 'sent'); // the page that follows
  document.querySelector('form[action$="/sign-out"]')?.addEventListener('submit', () => forget(() => true));
} catch {
  // a browser that keeps nothing: then the words stand on the page alone
}

/** @param {HTMLFormElement} form */
function begin(form) {
  const kept = JSON.parse(sessionStorage.getItem(nameOf(form)) ?? 'null');
  if (kept && !('answers' in form.dataset)) comeBack(form, kept); // an answer holds what was sent
  if (kept) keep(form, 'typed'); // here again, so it did not arrive
  form.addEventListener('input', () => keep(form, 'typed'));
  form.addEventListener('submit', ({submitter}) => keep(form, submitter?.hasAttribute('formaction') ? 'away' : 'sent'));
  for (const link of document.querySelectorAll('.languages a')) {
    link.addEventListener('click', () => sessionStorage.getItem(nameOf(form)) && keep(form, 'away'));
  }
}

/** The address that the form goes to, without the language. @param {HTMLFormElement} form */
function nameOf(form) {
  const {pathname, search} = new URL(form.action);
  return `${KEY}${coach} ${pathname.replace(/^\/coach\/[^/]+/, '')}${search}`;
}

/** `typed`; `sent`; or `away`, in another language or for a test, and back at once.
 * @param {HTMLFormElement} form @param {'typed' | 'sent' | 'away'} as */
function keep(form, as) {
  const fields = [...new FormData(form)].filter(([name]) => name !== 'csrf_token');
  sessionStorage.setItem(nameOf(form), JSON.stringify({as, fields}));
}

/** All of it for somebody who goes on; else the words alone, with the way to be rid of them: nothing is planned unasked.
 * @param {HTMLFormElement} form @param {{as: string, fields: [string, string][]}} kept */
function comeBack(form, {as, fields}) {
  const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
  if (as !== 'typed' || visit?.type !== 'navigate') return putBack(form, fields, () => true);
  const before = textOf(form);
  putBack(form, fields, (field) => !TICKED.includes(field.type) && field.type !== 'hidden');
  const said = /** @type {HTMLElement} */ (form.querySelector('[data-earlier]'));
  said.hidden = textOf(form) === before;
  /** @type {HTMLButtonElement} */ (said.querySelector('button')).onclick = () => startAfresh(form, said);
}

/** @param {HTMLFormElement} form @param {[string, string][]} fields @param {(field: HTMLInputElement) => boolean} which */
function putBack(form, fields, which) {
  for (const field of fieldsOf(form).filter(which)) {
    const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === 'checkbox') field.checked = values.includes(field.value);
    else if (field.type === 'radio') field.checked ||= !field.disabled && values.includes(field.value); // a day that is over or full stays unchosen
    else if (values.length) field.value = values[0];
    field.dispatchEvent(new Event('input', {bubbles: true})); // the previews follow
  }
}

/** @param {HTMLFormElement} form @param {HTMLElement} said */
function startAfresh(form, said) {
  form.reset();
  const fields = fieldsOf(form);
  for (const field of fields) field.dispatchEvent(new Event('input', {bubbles: true}));
  sessionStorage.removeItem(nameOf(form));
  said.hidden = true;
  fields.find(({type}) => type !== 'hidden')?.focus();
}

/** What somebody fills in, and the key by which a form that comes twice is known. @param {HTMLFormElement} form */
function fieldsOf(form) {
  return /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll('input[name]:not([type=hidden]), [name=key], textarea, select')]);
}

/** @param {HTMLFormElement} form */
function textOf(form) {
  return fieldsOf(form).map(({value}) => value).join('\n');
}

/** @param {(kept: {as: string}) => boolean} which */
function forget(which) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(KEY) && which(JSON.parse(sessionStorage[key]))) sessionStorage.removeItem(key);
  }
}

export {}; // a module of its own
