// A passkey is made or used as the form of this page asks (WebAuthn Level 2), and the answer is sent with that form.
const form = /** @type {HTMLFormElement | null} */ (document.getElementById('passkey'));
if (form) {
  const again = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
  again.onclick = () => void ask(form);
  void ask(form);
}

/** @param {HTMLFormElement} form */
async function ask(form) {
  show(form, true);
  try {
    const credential = form.dataset.make ? await make(JSON.parse(form.dataset.make)) : await use(JSON.parse(form.dataset.get ?? ''));
    /** @type {HTMLInputElement} */ (form.elements.namedItem('credential')).value = JSON.stringify(credential);
    form.submit();
  } catch {
    show(form, false); // stopped by the person, no passkey here, or not a secure site: the words of the page say what to do
  }
}

/** @param {HTMLFormElement} form @param {boolean} waiting */
function show(form, waiting) {
  /** @type {HTMLElement} */ (document.getElementById('passkey-wait')).hidden = !waiting;
  /** @type {HTMLElement} */ (document.getElementById('passkey-wrong')).hidden = waiting;
  /** @type {HTMLElement} */ (form.querySelector('button')).hidden = waiting;
}

/** @param {any} options */
async function make(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: {...options.user, id: bytes(options.user.id)},
    excludeCredentials: (options.excludeCredentials ?? []).map(named),
  };
  const made = /** @type {PublicKeyCredential} */ (await navigator.credentials.create({publicKey}));
  const response = /** @type {AuthenticatorAttestationResponse} */ (made.response);
  return {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    response: {
      attestationObject: text(response.attestationObject),
      clientDataJSON: text(response.clientDataJSON),
      transports: response.getTransports?.() ?? [],
    },
    extensions: JSON.stringify(made.getClientExtensionResults()),
  };
}

/** @param {any} options */
async function use(options) {
  const publicKey = {...options, challenge: bytes(options.challenge), allowCredentials: (options.allowCredentials ?? []).map(named)};
  const used = /** @type {PublicKeyCredential} */ (await navigator.credentials.get({publicKey}));
  const response = /** @type {AuthenticatorAssertionResponse} */ (used.response);
  return {
    id: used.id,
    rawId: text(used.rawId),
    type: used.type,
    response: {
      authenticatorData: text(response.authenticatorData),
      clientDataJSON: text(response.clientDataJSON),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : null,
    },
  };
}

/** @param {{id: string}} credential */
function named(credential) {
  return {...credential, id: bytes(credential.id)};
}

/** Base64url → bytes. @param {string} encoded */
function bytes(encoded) {
  return Uint8Array.from(atob(encoded.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}

/** Bytes → base64url without padding. @param {ArrayBuffer} buffer */
function text(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export {}; // a module of its own
