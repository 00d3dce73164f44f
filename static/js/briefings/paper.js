// The QR code, drawn here: a server that drew it would learn the key.
import {correction, generate} from '#lean-qr';

const QUIET = 4; // modules of white around it (ISO/IEC 18004)

/** @param {SVGSVGElement} svg @param {string} text */
export function draw(svg, text) {
  const code = generate(text, {minCorrectionLevel: correction.M});
  const size = code.size + 2 * QUIET;
  let path = '';
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`;
  }
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  svg.setAttribute('shape-rendering', 'crispEdges');
  svg.replaceChildren(shape('rect', {width: size, height: size, fill: '#fff'}), shape('path', {d: path, fill: '#000'}));
}

/** @param {string} name @param {Record<string, unknown>} attributes */
function shape(name, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
