// After a test, or while a phone is being connected, the page asks how it is with the phone until there is an answer.
const EVERY = 1500;
const OPEN = ['waiting', 'stuck', 'accepted', 'silent']; // more may come: a later answer, or the phone's own word
const ROUNDS = 400; // ten minutes: a page that is left open keeps nobody signed in
const waiting = /** @type {HTMLElement | null} */ (document.querySelector('[data-wait]'));
const test = /** @type {HTMLElement | null} */ (document.querySelector('.test[data-ask]'));
if (waiting) setTimeout(connect, EVERY, waiting);
else if (test && OPEN.includes(test.dataset.state ?? '')) setTimeout(follow, EVERY, test, ROUNDS);

/** @param {HTMLElement} place */
async function connect(place) {
  const now = await ask(place.dataset.wait ?? '');
  const page = location.pathname.replace(/\/code$/, '');
  if (now?.ready) location.href = page;
  else if (now?.over) location.href = `${page}?over`;
  else setTimeout(connect, EVERY, place);
}

/** @param {HTMLElement} test @param {number} left */
async function follow(test, left) {
  const now = await ask(test.dataset.ask ?? '');
  if (now) show(test, now);
  if (left && (!now || OPEN.includes(now.state))) setTimeout(follow, EVERY, test, left - 1);
}

/** @param {HTMLElement} test @param {{state: string, answer: string}} now */
function show(test, now) {
  test.dataset.state = now.state;
  for (const line of /** @type {NodeListOf<HTMLElement>} */ (test.querySelectorAll('[data-when]'))) line.hidden = line.dataset.when !== now.state;
  const answer = /** @type {HTMLElement} */ (test.querySelector('[data-answer]'));
  answer.hidden = !now.answer;
  /** @type {HTMLElement} */ (answer.querySelector('code')).textContent = now.answer;
}

/** @param {string} address @returns {Promise<{ready: boolean, over: boolean, state: string, answer: string} | null>} */
async function ask(address) {
  try {
    const answer = await fetch(address, {headers: {Accept: 'application/json'}});
    return answer.redirected || !answer.ok ? null : await answer.json();
  } catch {
    return null; // no network for a moment
  }
}

export {}; // a module of its own
