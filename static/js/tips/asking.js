// What the page of tips and the worker say to each other. The worker asks for the address and keeps what the server says
// (worker/push.js); the page asks it, and shows.

/** @typedef {{id: number, name: string}} Group */
/** @typedef {{language: string, days: number, moment: string, timezone: string, country: string, region: string}} Chosen */
/**
 * What is kept about this device, here and nowhere else but its own row at the server.
 * @typedef {object} State
 * @property {string} [token] who has it may change and erase the row
 * @property {boolean} [stopping] it is being erased, which nothing stops any more
 * @property {string} [key] the server's key that the address was made with
 * @property {boolean} [confirmed] a message has arrived
 * @property {Chosen} [chosen]
 * @property {string | null} [muted] until when
 * @property {Group[]} [groups]
 * @property {{id: number, code: string}} [joined] by what was asked just now
 */

export const STORE = 'tips';
const STATE = '/-/tips';
const PATIENCE = 30_000;
export const workers = navigator.serviceWorker;
export const able = Boolean(workers) && 'PushManager' in globalThis && 'Notification' in globalThis;

/** Ask the worker, and wait for what it says; what it cannot begin in that time it leaves, but for a stop. @param {string} tips @param {object} [more] @returns {Promise<State & {erased?: boolean}>} */
export function tell(tips, more) {
  return new Promise((resolve, reject) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = ({data}) => (data.state ? resolve(data.state) : reject(data));
    const until = tips === 'stop' ? undefined : Date.now() + PATIENCE;
    workers.ready.then(({active}) => active?.postMessage({tips, until, ...more}, [port2]));
    setTimeout(reject, PATIENCE, {reason: 'TimeoutError'}); // also where there is no worker, because it could not be fetched
  });
}

/** @returns {Promise<State>} */
export async function recall() {
  /** @type {State} */
  const kept = (await (await globalThis.caches?.match(STATE, {cacheName: STORE}))?.json()) ?? {};
  return kept.stopping ? {} : kept;
}
