// One card as a line of a list: title and cue, useful as it stands.
import {pathOf} from '#router';

/** @param {HTMLElement} card */
export function row(card) {
  const item = document.createElement('li');
  const link = document.createElement('a');
  const title = document.createElement('b');
  const cue = document.createElement('span');
  link.href = pathOf(card.id);
  title.textContent = card.dataset.title ?? '';
  cue.textContent = card.querySelector('.cue')?.textContent ?? '';
  link.append(title, ' ', cue);
  item.append(link);
  return item;
}
