// Sealing and opening: AES-GCM (NIST SP 800-38D) with a key of 128 bits that is made here and never sent anywhere.
//
// A sealed text is: version (1 byte), key check (4), nonce (12), ciphertext with its tag. The nonce is fresh for every
// sealing. What it is for, the briefing's id and its revision are authenticated along with it: a text that is moved to
// another place, or an old one under a new number, does not open.

const VERSION = 1;
const CHECK = 4;
const NONCE = 12;
const HEAD = 1 + CHECK + NONCE;
const TAG = 16;
const KEY = 16;
const encoder = new TextEncoder();

/** Thrown when something does not open: the key is another one, or the text is not what was sealed. */
export class SealError extends Error {
  /** @param {'key' | 'damaged'} reason */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** Sixteen fresh random bytes, as they stand in a link. */
export const fresh = () => pack(crypto.getRandomValues(new Uint8Array(KEY)));

/** The id that a maker's token is good for; the server computes the same. @param {string} token */
export async function idOf(token) {
  const digest = await crypto.subtle.digest('SHA-256', joined(encoder.encode('houvast briefing maker\0'), unpack(token)));
  return pack(new Uint8Array(digest).slice(0, KEY));
}

/**
 * A value, sealed. Blanks fill it up to a multiple of `step` bytes, so that its length says little.
 * @param {unknown} value anything that JSON can hold
 * @param {string} key
 * @param {string} purpose "text 3" (a briefing's third revision) or "note"
 * @param {string} id
 * @param {number} step
 */
export async function seal(value, key, purpose, id, step) {
  const bytes = encoder.encode(JSON.stringify(value));
  const plain = new Uint8Array(Math.ceil(bytes.length / step) * step).fill(0x20);
  plain.set(bytes);
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  const sealed = await crypto.subtle.encrypt(how(nonce, purpose, id), await imported(key, 'encrypt'), plain);
  return pack(joined(Uint8Array.of(VERSION), await checkOf(key), nonce, new Uint8Array(sealed)));
}

/**
 * The value in a sealed text. Throws SealError.
 * @param {string} sealed
 * @param {string} key
 * @param {string} purpose
 * @param {string} id
 * @returns {Promise<any>}
 */
export async function unseal(sealed, key, purpose, id) {
  const bytes = unpack(sealed);
  if (bytes.length < HEAD + TAG || bytes[0] !== VERSION) throw new SealError('damaged');
  const cipher = await imported(key, 'decrypt').catch(() => null);
  if (!cipher) throw new SealError('key');
  try {
    const plain = await crypto.subtle.decrypt(how(bytes.slice(1 + CHECK, HEAD), purpose, id), cipher, bytes.slice(HEAD));
    return JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(plain));
  } catch {
    throw new SealError(await fits(bytes, key) ? 'damaged' : 'key');
  }
}

/** Whether a key has the form of one. @param {string} key */
export const isKey = (key) => /^[\w-]{21}[AQgw]$/.test(key);

/** @param {Uint8Array<ArrayBuffer>} bytes */
export const pack = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** The bytes of base64url; none for anything else. @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export function unpack(text) {
  try {
    const letters = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = new Uint8Array(letters.length); // one by one: from() takes ten times as long, at a start that a reader waits for
    for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
    return bytes;
  } catch {
    return new Uint8Array();
  }
}

/** @param {Uint8Array<ArrayBuffer>} iv @param {string} purpose @param {string} id */
const how = (iv, purpose, id) => ({name: 'AES-GCM', iv, additionalData: encoder.encode(`houvast ${VERSION} ${purpose} ${id}`)});

/** @param {string} key @param {'encrypt' | 'decrypt'} use */
const imported = (key, use) => crypto.subtle.importKey('raw', unpack(key), 'AES-GCM', false, [use]);

/** Four bytes that tell a wrong key from a damaged text; finding the key from them is as hard as guessing it. @param {string} key */
async function checkOf(key) {
  const digest = await crypto.subtle.digest('SHA-256', joined(encoder.encode('houvast key check\0'), unpack(key)));
  return new Uint8Array(digest).slice(0, CHECK);
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {string} key */
async function fits(bytes, key) {
  const check = await checkOf(key);
  return check.every((byte, at) => byte === bytes[1 + at]);
}

/** @param {...Uint8Array<ArrayBuffer>} parts */
const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
