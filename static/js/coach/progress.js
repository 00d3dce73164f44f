// While a tip is held or goes out, the page asks how far it is. Numbers are put in; another state is another page.
// While it is held, the seconds that are left are counted down.
const outcome = /** @type {HTMLElement | null} */ (document.querySelector('.outcome[data-ask]'));
const EVERY = 2000;
const ALOUD = [30, 10]; // seconds left
if (outcome) setTimeout(look, EVERY, outcome);
const left = /** @type {HTMLElement | null} */ (document.querySelector('[data-left]'));
if (left) count(left, performance.now() + Number(left.dataset.left) * 1000);

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

/** The time that is left, every second; aloud only now and then. @param {HTMLElement} place @param {number} end */
function count(place, end) {
  const timer = /** @type {HTMLElement} */ (place.parentElement);
  const seconds = Math.ceil((end - performance.now()) / 1000);
  timer.hidden = seconds <= 0;
  if (timer.hidden) return;
  timer.setAttribute('aria-live', ALOUD.includes(seconds) ? 'polite' : 'off');
  place.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  setTimeout(count, 1000, place, end);
}

export {}; // a module of its own
