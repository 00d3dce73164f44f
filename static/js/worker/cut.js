// The device cuts its pages out of two documents, as the server does (pwa/deck/pages.py): no page costs a byte of its own.

const HERE = ' aria-current="page"';
const FIRST = /<link rel="stylesheet" href="([^"]+)">|<script src="([^"]+)"><\/script>/g;

/**
 * The pages of one language, as [path, html]: a section each, with the cards that it brings along.
 * @param {string} language
 * @param {string} home the home page: the shell, and every section that is no card
 * @param {string} cards the page with all cards
 * @returns {[string, string][]}
 */
function cut(language, home, cards) {
  const {start, pieces: own, end} = apart(home);
  const pieces = new Map([...own, ...apart(cards).pieces]);
  return [...pieces].filter(([key]) => key !== 'home' && key !== 'cards').map(([key, piece]) => {
    const along = attribute(piece, 'class') === 'place' ? [...piece.matchAll(/href="\/[^/]+\/(k\/[^"]+)/g)].map(([, card]) => card) : [];
    const others = along.map((other) => `<!--§${other}-->` + mark(pieces.get(other) ?? '', 'data-sheet'));
    const body = `<!--§${key}-->` + mark(piece, 'data-open') + others.join('');
    return [`/${language}/${key}`, barred(head(start, piece), language, key, pieces) + body + '<!--§end-->' + tabbed(end, language, key)];
  });
}

/**
 * The top bar of a page: back to where its section belongs, and the same page in the other languages.
 * @param {string} start
 * @param {string} language
 * @param {string} key
 * @param {Map<string, string>} pieces
 */
function barred(start, language, key, pieces) {
  const behind = attribute(pieces.get(key) ?? '', 'data-back');
  const title = attribute(pieces.get(behind) ?? '', 'data-title');
  const back = (/** @type {string} */ link) => link.replace(/href="[^"]*"/, () => `href="/${language}/${behind}"`).replace(/<span>[^<]*/, () => `<span>${title}`);
  return start
    .replace(/<a class="back" .*?<\/a>/s, (link) => (behind ? back(link) : link))
    .replace(/<nav class="languages".*?<\/nav>/s, (links) => links.replace(/ href="(\/[^/"]+\/)"/g, (_, home) => ` href="${home}${key}"`));
}

/** The end of home, with the tab of another page; what is behind a slash belongs to home. @param {string} end @param {string} language @param {string} key */
function tabbed(end, language, key) {
  if (key.includes('/')) return end;
  return end.replace(HERE, '').replace(` href="/${language}/${key}"`, (link) => link + HERE);
}

/**
 * Home by itself: a cold start reads no more than it shows. The other sections follow from the whole document (#cards);
 * what it may offer as card of the day is listed in their place (#app).
 * @param {string} home
 */
function alone(home) {
  const {start, pieces, end} = apart(home);
  const places = [...pieces].filter(([key]) => key.includes('/') && key !== 'm/know').map(([, piece]) => piece).join('');
  const days = new Set([...places.matchAll(/href="[^"]*\/k\/([^"]+)"><b>([^<]*)/g)].map(([, id, title]) => `${id} ${title}`));
  const own = pieces.get('home')?.replace('id="today"', () => `id="today" data-days="${[...days].sort().join('\n')}"`);
  return `${start}<!--§home-->${own}<!--§end-->${end}`;
}

/** What a page would fetch before it paints: its style sheet, and its first script. @param {string} html */
const needed = (html) => [...html.matchAll(FIRST)].map(([, sheet, script]) => sheet ?? script);

/** It all is here already: one frame with the whole page, instead of an empty one and half a page before it (HTML, 4.6.7.5). */
const WHOLE = '<link rel="expect" href="#said" blocking="render">';

/**
 * The page with that in it, and without asking ahead for modules: a cold start then paints before it fetches anything, and
 * lays out what is below a card after that (`data-later`; on a first visit it would come as a second, larger paint).
 * The policy of every page allows exactly these (pwa/assets.py).
 * @param {string} html
 * @param {Map<string, string>} texts by path
 */
function holding(html, texts) {
  return html
    .replace(FIRST, (_, sheet, script) => (sheet ? `${WHOLE}<style>${texts.get(sheet)}</style>` : `<script>${afterTheme(texts.get(script) ?? '')}</script>`))
    .replace(/<link rel="modulepreload"[^>]*>\n/g, '')
    .replace('<html ', '<html data-later ');
}

/** The first script without the look at the theme, which takes a slow phone about as long as the style sheet. @param {string} first */
const afterTheme = (first) => first.slice(first.indexOf('addEventListener('));

/** A page in the chosen colours. @param {string} html @param {string} theme "light", "dark" or "" for the device's own */
const dressed = (html, theme) => html.replace(/<html (?:data-theme="\w*" )?/, theme ? `<html data-theme="${theme}" ` : '<html ');

/** Android and Linux are not asked for the fonts of Apple and Windows at each cold start. @param {string} html @param {string} device as it calls itself */
const inOwnFont = (html, device) => (/Android|Linux|CrOS/.test(device) ? html.replace('<html ', '<html data-font="own" ') : html);

/** A document as its beginning, its sections by key, and its end. @param {string} html */
function apart(html) {
  const [start, ...parts] = html.split('<!--§');
  const named = parts.map((part) => {
    const at = part.indexOf('-->');
    return /** @type {[string, string]} */ ([part.slice(0, at), part.slice(at + 3)]);
  });
  const end = named.pop()?.[1] ?? '';
  return {start, pieces: new Map(named), end};
}

/** @param {string} piece @param {string} name */
const attribute = (piece, name) => new RegExp(`^\\s*<section[^>]* ${name}="([^"]*)"`).exec(piece)?.[1] ?? '';

/** @param {string} piece @param {string} name */
const mark = (piece, name) => piece.replace('<section ', () => `<section ${name} `);

/**
 * The beginning of home, with this section's title and kind, and without what only a crawler reads. The manifest is asked
 * for at rest (keep.js): it is home that is installed.
 * @param {string} start
 * @param {string} piece
 */
function head(start, piece) {
  return start
    .replace(/<title>[^<]*/, () => `<title>${attribute(piece, 'data-title')} – Houvast`)
    .replace(/<!--meta-->.*?<!--\/meta-->/s, '')
    .replace('<link rel="manifest"', '<link rel="later"')
    .replace(/data-kind="[^"]*"/, () => `data-kind="${attribute(piece, 'class')}"`);
}
