// A button that copies the link of a field. Where a browser does not let it, the link is selected.
for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-copies]'))) {
  place.hidden = false; // without scripts it could do nothing
  /** @type {HTMLElement} */ (place.querySelector('button')).addEventListener('click', () => copy(place));
}

/** @param {HTMLElement} place */
async function copy(place) {
  const field = /** @type {HTMLInputElement} */ (document.getElementById(place.dataset.copies ?? ''));
  const said = /** @type {HTMLElement} */ (place.querySelector('[data-said]'));
  said.textContent = '';
  try {
    await navigator.clipboard.writeText(field.value);
    said.textContent = said.dataset.said ?? '';
  } catch {
    field.focus();
    field.select();
  }
}

export {}; // a module of its own
