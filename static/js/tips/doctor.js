// The doctor: what stands between this device and the next tip. What can be known, and no more.
import {able, workers} from '#asking';

/** @typedef {import('#asking').State} State */

/**
 * @param {HTMLElement} page @param {State} known
 * @param {boolean} reached whether the server was, just now @param {boolean} missed whether a message that was asked for did not come
 */
export async function examine(page, known, reached, missed) {
  const registration = able ? await workers.getRegistration('/') : null;
  const subscription = await registration?.pushManager.getSubscription();
  const there = Boolean(known.token);
  /** @type {Record<string, boolean | null>} */
  const found = {
    can: able,
    may: able && Notification.permission === 'granted',
    has: Boolean(subscription) && there,
    proved: reached ? there && Boolean(known.confirmed) && !missed : null,
    group: reached ? Boolean(known.groups?.length) : null,
    awake: !isQuiet(known),
  };
  const {yes, no, unseen} = /** @type {HTMLElement} */ (page.querySelector('.checks')).dataset;
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll('[data-check]'))) {
    const fine = found[row.dataset.check ?? ''];
    const [mark, , help] = /** @type {HTMLCollectionOf<HTMLElement>} */ (row.children);
    row.dataset.is = String(fine);
    mark.textContent = (fine === null ? unseen : fine ? yes : no) ?? '';
    if (help) help.hidden = fine !== false;
  }
}

/** @param {State} known */
export const isQuiet = ({muted}) => Boolean(muted && new Date(muted) > new Date());
