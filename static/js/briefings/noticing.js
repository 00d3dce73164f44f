// Soft warnings while somebody writes: what looks like a name, a diagnosis, a citizen number, somebody's own telephone.
// It is often wrong, on both sides; so it never stops anybody, and says why it asks.
import {ABBREVIATIONS, DIAGNOSES, NAMES, NO_NAMES} from '#names';

/** @typedef {{kind: 'name' | 'diagnosis' | 'number' | 'phone' | 'mobile', word: string, at: number}} Finding */

// As they are written, in one piece or in the groups of a card: times and dates in a row have other groups.
const CITIZEN = /(?<![\d+])(?:\d{9}|\d{3}([ .-])\d{3}\1\d{3}|\d{4}([ .-])\d{2}\2\d{3}|\d\d[ .-]?\d\d[ .-]?\d\d[ .-]?\d{3}[ .-]?\d\d)(?![ .-]?\d)/g;
const WORD = /\p{Lu}[\p{L}'’-]+/gu;
// mobile numbers of the Netherlands (06) and Belgium (04), and any number of nine digits or more in a row of text
const PHONES = /(?<![\d.])(?:\+|00)?\d[\d ./()-]{7,15}\d(?!\d)/g;
const DUTCH = /^\s*(?:04\d[ -]+\d|04\d\d *[ -] *\d{6}\s*$|\(04)/; // an area code and six or seven digits
const GROWN_UP = /(?:juf|juff\p{L}*|meester|meneer|mevrouw|dhr\.?|mevr\.?|mw\.?|mr\.?|mrs\.?|ms\.?|miss|sir|madam|collega|colleague|teacher|leerkracht|intern begeleider|directeur|conciërge)\s+(?:(?:de|van|van der|den|el|al)\s+)*$/iu;

/**
 * What a text holds that does not belong in a briefing, in its order.
 * @param {string} text
 * @param {{names?: boolean, phones?: boolean, titled?: boolean}} look names are expected where a colleague is named, and
 * in a title other words have capitals as well
 * @returns {Finding[]}
 */
export function notice(text, {names = true, phones = true, titled = false} = {}) {
  const found = [...numbers(text, phones), ...diagnoses(text), ...(names ? people(text, titled) : [])].sort((a, b) => a.at - b.at);
  return found.filter((each, at) => found.findIndex((other) => other.at === each.at || other.word.toLowerCase() === each.word.toLowerCase()) === at);
}

/** A Dutch citizen number (BSN): nine digits whose weighted sum is a multiple of eleven. @param {string} digits */
export function isBsn(digits) {
  if (!/^\d{9}$/.test(digits) || /^0+$/.test(digits)) return false;
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at === 8 ? -1 : 9 - at), 0);
  return sum % 11 === 0;
}

/** A Belgian national number: the last two of eleven digits check the other nine, with a 2 in front for who was born since 2000. @param {string} digits */
export function isNational(digits) {
  if (!/^\d{11}$/.test(digits)) return false;
  const [body, check] = [digits.slice(0, 9), Number(digits.slice(9))];
  return [body, `2${body}`].some((part) => 97 - (Number(part) % 97) === check);
}

/** @param {string} text @param {boolean} phones @returns {Finding[]} */
function numbers(text, phones) {
  const citizen = [...text.matchAll(CITIZEN)].filter(([word]) => {
    const digits = word.replace(/\D/g, '');
    return isBsn(digits) || isNational(digits);
  });
  const taken = new Set(citizen.map((match) => match.index));
  const called = phones ? [...text.matchAll(PHONES)].filter((match) => !taken.has(match.index) && isPhone(match[0])) : [];
  return [
    ...citizen.map((match) => /** @type {Finding} */ ({kind: 'number', word: match[0], at: match.index})),
    ...called.map((match) => /** @type {Finding} */ ({kind: 'phone', word: match[0].trim(), at: match.index})),
  ];
}

/** Nine to thirteen digits that begin as a telephone number does. @param {string} word */
function isPhone(word) {
  const digits = word.replace(/\D/g, '');
  return /^(?:0|00|31|32|44)/.test(digits) && digits.length >= 9 && digits.length <= 13;
}

/** A number that somebody carries along: mobile in the Netherlands, Belgium or Britain; or one of two, with a slash between. @param {string} phone */
export function isMobile(phone) {
  const parts = phone.replace('(0)', '').split('/');
  return (parts.every((part) => part.replace(/\D/g, '').length >= 9) ? parts : [parts.join('')]).some(isCarried);
}

/** The Netherlands have schools in 045, 0475 or 0492: told from a Belgian mobile number by how it is written. @param {string} phone */
const isCarried = (phone) => /^(?:(?:00)?316|06|(?:00)?324[5-9]|(?:00)?447|07\d{9}$|04[5-9]\d{7}$)/.test(phone.replace(/\D/g, '')) && !DUTCH.test(phone);

/** @param {string} text @returns {Finding[]} */
const diagnoses = (text) => [...text.matchAll(DIAGNOSES), ...text.matchAll(ABBREVIATIONS)].map((match) => ({kind: 'diagnosis', word: match[0], at: match.index}));

/** Words with a capital that do not begin a sentence, and known first names anywhere. @param {string} text @param {boolean} titled only those @returns {Finding[]} */
function people(text, titled) {
  return [...text.matchAll(WORD)].filter((match) => {
    const word = match[0].replace(/['’]s$/u, '');
    const before = text.slice(0, match.index);
    if (NO_NAMES.has(word) || word === word.toUpperCase() || GROWN_UP.test(before)) return false;
    return NAMES.has(word) || (!titled && !begins(before));
  }).map((match) => ({kind: 'name', word: match[0].replace(/['’]s$/u, ''), at: match.index}));
}

/** Whether a word after this begins a sentence, a line or a quotation. @param {string} before */
const begins = (before) => /(?:^|[.!?…:;\n•·*–—“"‘'(\d-]["”’')]*)\s*$/u.test(before);
