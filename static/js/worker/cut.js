// The device cuts its pages out of the deck, as the server does (pwa/deck/pages.py): no page costs a byte of its own.

/**
 * The pages of one deck, as [path, html]: a section each, with the cards that it brings along.
 * @param {string} html a whole deck
 * @param {string} language
 * @returns {[string, string][]}
 */
function cut(html, language) {
  const [start, ...rest] = html.split('<!--§');
  const end = rest.pop()?.split('-->').slice(1).join('-->') ?? '';
  const pieces = new Map(rest.map((part) => {
    const at = part.indexOf('-->');
    return /** @type {[string, string]} */ ([part.slice(0, at), part.slice(at + 3)]);
  }));
  const all = [...pieces.keys()].filter((key) => key !== 'gone');
  return [...pieces].filter(([key]) => key !== 'home').map(([key, piece]) => {
    const cards = attribute(piece, 'data-cards');
    const others = cards === '*' ? all : cards ? cards.split(' ').map((card) => `k/${card}`) : [];
    const place = kindOf(piece) === 'place';
    const body = (cards === '*' ? others : [key, ...others]).map((other) => {
      const part = (pieces.get(other) ?? '').replace('<section data-open ', '<section ');
      return `<!--§${other}-->` + (other === key ? mark(part, 'data-open') : place ? mark(part, 'data-sheet') : part);
    });
    return [`/${language}/${key}`, head(start, piece) + body.join('') + '<!--§end-->' + end];
  });
}

/** @param {string} piece @param {string} name */
const attribute = (piece, name) => new RegExp(`^\\s*<section[^>]* ${name}="([^"]*)"`).exec(piece)?.[1] ?? '';

/** @param {string} piece */
const kindOf = (piece) => attribute(piece, 'class').split(' ')[0];

/** @param {string} piece @param {string} name */
const mark = (piece, name) => piece.replace('<section ', () => `<section ${name} `);

/** The beginning of the deck, with this section's title and kind, and without what only a crawler reads. @param {string} start @param {string} piece */
function head(start, piece) {
  return start
    .replace(/<title>[^<]*/, () => `<title>${attribute(piece, 'data-title')} – Houvast`)
    .replace(/<!--meta-->.*?<!--\/meta-->/s, '')
    .replace(/data-kind="[^"]*"/, () => `data-kind="${kindOf(piece)}"`);
}
