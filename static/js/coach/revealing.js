// What is typed into the password fields of a form can be seen, as long as the box below them is ticked.
for (const choice of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-reveals]'))) {
  const form = choice.closest('form');
  const box = choice.querySelector('input');
  const fields = form?.querySelectorAll('input[type=password]') ?? [];
  const show = () => {
    for (const field of /** @type {Iterable<HTMLInputElement>} */ (fields)) field.type = box?.checked ? 'text' : 'password';
  };
  box?.addEventListener('change', show);
  form?.addEventListener('submit', () => {
    if (box) box.checked = false; // a browser remembers what was sent as text, and a password as a password
    show();
  });
  choice.hidden = false;
}

export {}; // a module of its own
