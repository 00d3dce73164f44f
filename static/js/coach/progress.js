// While a tip is held or goes out, the page asks how far it is. Numbers are put in; another state is another page.
const outcome = /** @type {HTMLElement | null} */ (document.querySelector('.outcome[data-ask]'));
const EVERY = 2000;
if (outcome) setTimeout(look, EVERY, outcome);

/** @param {HTMLElement} outcome */
async function look(outcome) {
  try {
    const answer = await fetch(outcome.dataset.ask ?? '', {headers: {Accept: 'application/json'}});
    if (answer.redirected || !answer.ok) return; // signed out in the meantime: the next tap says so
    const {state, done, readers, numbers} = await answer.json();
    if (state !== outcome.dataset.state) return location.reload();
    show(outcome, {...numbers, done, readers});
  } catch {
    // no network for a moment
  }
  setTimeout(look, EVERY, outcome);
}

/** @param {HTMLElement} outcome @param {Record<string, string | number | null>} numbers */
function show(outcome, numbers) {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (outcome.querySelectorAll('[data-number]'))) {
    const number = numbers[place.dataset.number ?? ''];
    if (number !== undefined && number !== null) place.textContent = String(number);
  }
  const bar = outcome.querySelector('progress');
  if (bar && numbers.readers && numbers.done !== null) [bar.max, bar.value] = [Number(numbers.readers), Number(numbers.done)];
}

export {}; // a module of its own
