// What a coach typed into the composer stays in this tab until it was sent: over a change of language, and when the session
// has ended. It never leaves the browser, and belongs to one coach, one group and one card.
const KEY = 'words ';
const coach = document.body.dataset.coach ?? '';
const form = /** @type {HTMLFormElement | null} */ (document.querySelector('form.compose:has([data-words])'));
try {
  if (form) begin(form);
  if (document.querySelector('.outcome')) forget((kept) => kept.sent); // the page of the tip: it has arrived
  document.querySelector('form[action$="/sign-out"]')?.addEventListener('submit', () => forget(() => true));
} catch {
  // a browser that keeps nothing: then the words stand on the page alone
}

/** @param {HTMLFormElement} form */
function begin(form) {
  const kept = sessionStorage.getItem(nameOf(form));
  if (kept) putBack(form, JSON.parse(kept).fields);
  if (kept) keep(form, false); // here again, so it was not sent
  form.addEventListener('input', () => keep(form, false));
  form.addEventListener('submit', ({submitter}) => keep(form, !submitter?.hasAttribute('formaction')));
}

/** The address that the form goes to, without the language. @param {HTMLFormElement} form */
function nameOf(form) {
  const {pathname, searchParams} = new URL(form.action);
  return `${KEY}${coach} ${pathname.replace(/^\/coach\/[^/]+/, '')} ${searchParams.get('card') ?? ''}`;
}

/** @param {HTMLFormElement} form @param {boolean} sent */
function keep(form, sent) {
  const fields = [...new FormData(form)].filter(([name]) => name !== 'csrf_token');
  sessionStorage.setItem(nameOf(form), JSON.stringify({sent, fields}));
}

/** @param {HTMLFormElement} form @param {[string, string][]} fields */
function putBack(form, fields) {
  for (const field of /** @type {Iterable<HTMLInputElement>} */ (form.querySelectorAll('input[name]:not([type=hidden]), textarea'))) {
    const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === 'checkbox') field.checked = values.includes(field.value);
    else if (field.type === 'radio') field.checked ||= !field.disabled && values.includes(field.value); // a day that is over or full stays unchosen
    else if (values.length) field.value = values[0];
    field.dispatchEvent(new Event('input', {bubbles: true})); // the previews follow
  }
}

/** @param {(kept: {sent: boolean}) => boolean} which */
function forget(which) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(KEY) && which(JSON.parse(sessionStorage[key]))) sessionStorage.removeItem(key);
  }
}

export {}; // a module of its own
