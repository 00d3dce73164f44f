// A sheet to print: the button is there only where it works.
const button = /** @type {HTMLButtonElement | null} */ (document.getElementById('print'));
if (button) {
  button.hidden = false;
  button.onclick = () => print();
}

export {}; // a module of its own
