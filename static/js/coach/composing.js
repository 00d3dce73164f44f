// Counters and lock-screen previews follow what is typed. The words and the limits stand in the page.
for (const words of document.querySelectorAll('.words')) {
  for (const field of words.querySelectorAll('[data-shown]')) {
    field.addEventListener('input', () => follow(words, /** @type {HTMLInputElement | HTMLTextAreaElement} */ (field)));
  }
}

/** @param {Element} words @param {HTMLInputElement | HTMLTextAreaElement} field */
function follow(words, field) {
  const text = field.value.replace(/\s+/g, ' ').trim();
  for (const shown of words.querySelectorAll(`[data-shows="${field.dataset.shown}"]`)) shown.textContent = (field.dataset.before ?? '') + text;
  const count = field.parentElement?.querySelector('output');
  if (count) count.textContent = String([...text].length);
  const long = /** @type {HTMLElement | null} */ (field.parentElement?.querySelector('.long') ?? null);
  if (long) long.hidden = [...text].length <= Number(field.dataset.warns);
}

// On a phone the previews would keep the days off the screen: there they are closed until somebody opens them.
const room = matchMedia('(width >= 640px)');
for (const looks of /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll('.looks'))) looks.open = room.matches;

// A day in the field of its own is the chosen one, and leaves the field when one of the list is chosen.
const day = /** @type {HTMLInputElement | null} */ (document.getElementById('day'));
for (const choice of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('[name=when]'))) {
  if (choice.value === 'other') day?.addEventListener('input', () => (choice.checked ||= day.value !== ''));
  else choice.addEventListener('change', () => day && (day.value = ''));
}

export {}; // a module of its own
