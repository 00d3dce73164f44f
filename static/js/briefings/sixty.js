// "Ready in 60 seconds": one item at a time, large, at the reader's own pace.

const root = document.documentElement;
const steps = /** @type {HTMLElement} */ (document.getElementById('steps'));
const bar = /** @type {HTMLProgressElement} */ (steps.querySelector('progress'));
const [back, , on] = /** @type {HTMLButtonElement[]} */ ([...steps.querySelectorAll('button')]);
let at = 0;

for (const button of steps.querySelectorAll('button')) {
  button.onclick = () => (button.dataset.step === '0' ? leave() : step(at + Number(button.dataset.step)));
}
addEventListener('popstate', () => 'sixty' in root.dataset && end());

/** The way back of a phone leads to the whole page, not out of the briefing. */
export function begin() {
  history.pushState(null, '');
  step(0);
}

/** @param {number} to */
function step(to) {
  const items = shown();
  if (to >= items.length) return leave();
  at = Math.max(0, to);
  root.dataset.sixty = '';
  steps.hidden = false;
  items.forEach((item, place) => item.toggleAttribute('data-now', place === at));
  bar.max = items.length;
  bar.value = at + 1;
  back.disabled = at === 0;
  on.textContent = (at === items.length - 1 ? on.dataset.last : on.dataset.more) ?? '';
  const headline = /** @type {HTMLElement} */ (items[at].querySelector('h2'));
  headline.tabIndex = -1;
  headline.focus({preventScroll: true});
  scrollTo(0, 0);
}

/** At once, so that a second tap finds no button that would lead out of the briefing. */
function leave() {
  end();
  history.back();
}

function end() {
  delete root.dataset.sixty;
  steps.hidden = true;
  scrollTo(0, 0);
  /** @type {HTMLElement} */ (document.querySelector('h1')).focus({preventScroll: true});
}

/** Of this briefing: a part that the maker left empty is no step. Before the day nobody has a note to write: of that, only its sentence. */
const shown = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.item:not([hidden])')])
  .filter((item) => item.dataset.item !== 'note' || item.querySelector('.text')?.textContent);
