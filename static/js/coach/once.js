// A form is sent once: the page shows the answer to the last press, which would deny what the first one did.
const AGAIN = 10_000; // ms after which a network that does not answer may be tried anew

document.addEventListener('submit', (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (event.defaultPrevented) return; // a script sends it
  if ('sent' in form.dataset) return event.preventDefault();
  form.dataset.sent = '';
  setTimeout(() => delete form.dataset.sent, AGAIN);
});
addEventListener('pageshow', () => {
  for (const form of document.forms) delete form.dataset.sent; // back on the page
});

export {}; // a module of its own
