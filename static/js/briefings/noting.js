// A note back to the maker: sealed here with the briefing's own key, and kept here until there is a network.
import {notice} from '#noticing';
import {seal} from '#sealing';

const STEP = 1024; // every note has the same length
const PREFIX = 'houvast.note.';
const PATIENCE = 20_000; // ms with a network that does not answer
const form = /** @type {HTMLFormElement} */ (document.getElementById('note-back'));
/** Whether what waits will be here when the page is opened again. */
let kept = true;

/** @param {string} id @param {string} key */
export function begin(id, key) {
  form.hidden = sentBefore(id);
  tell(form.hidden ? 'sent' : '');
  if (waiting(id)) send(id);
  /** @type {HTMLElement} */ (document.getElementById('another')).onclick = writeAnother;
  form.onsubmit = async (event) => {
    event.preventDefault();
    const given = new FormData(form);
    const note = {mood: given.get('mood'), helped: given.get('helped'), words: String(given.get('words') ?? '').slice(0, 140), at: Date.now()};
    const sealed = await seal(note, key, 'note', id, STEP);
    kept = put(id, sealed);
    await send(id, sealed);
  };
  const careful = /** @type {HTMLElement} */ (document.getElementById('careful'));
  form.oninput = () => (careful.hidden = !notice(String(new FormData(form).get('words') ?? '')).length);
  window.ononline = () => waiting(id) && send(id);
}

/** Of the next day, in a week. */
function writeAnother() {
  form.reset();
  form.hidden = false;
  tell('');
  form.querySelector('input')?.focus();
}

/** Sends what waits. It stays until the server has it, or can have it no more. @param {string} id */
async function send(id, sealed = waiting(id)) {
  form.hidden = true;
  const body = JSON.stringify({sealed});
  const answer = await fetch(`/api/briefings/${id}/notes`, {method: 'POST', headers: {'content-type': 'application/json'}, body, signal: AbortSignal.timeout(PATIENCE)}).catch(() => null);
  if (answer?.status === 201) {
    put(id, 'sent');
    tell('sent');
  } else if (answer?.status === 507) {
    put(id, '');
    tell('often');
  } else if (answer?.status === 404) tell('over'); // the page that finds the briefing gone (reading.js) says so, and erases it
  else if (kept) tell(answer ? 'later' : 'waiting');
  else {
    tell('unkept');
    form.hidden = false; // with what was written
  }
}

/** @param {string} word */
function tell(word) {
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-note]'))) {
    part.hidden = part.dataset.note !== word;
  }
}

/** @param {string} id */
const sentBefore = (id) => read(id) === 'sent';

/** @param {string} id */
const waiting = (id) => (sentBefore(id) ? '' : read(id));

/** @param {string} id */
function read(id) {
  try {
    return localStorage.getItem(PREFIX + id) ?? '';
  } catch {
    return '';
  }
}

/** What was sent from an earlier briefing is forgotten; what waits there goes on waiting. @param {string} id @param {string} value @returns whether it is kept */
function put(id, value) {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(PREFIX) && (name === PREFIX + id || localStorage.getItem(name) === 'sent')) localStorage.removeItem(name);
    if (value) localStorage.setItem(PREFIX + id, value);
    return true;
  } catch {
    return false; // a device that keeps nothing: it is sent now or not at all
  }
}
