// Copy a quote with its source, or an answer with its warnings and sources. Runs behind conversation.js.
const textOf = (button) => {
  if (button.dataset.copy) return button.dataset.copy;
  const turn = button.closest('.turn');
  const parts = [...turn.querySelectorAll('.notice, .answer')].map((part) => part.innerText.trim());
  const cards = [...turn.querySelectorAll('.card')];
  return [...parts, ...cards.map((card) => `${card.querySelector('.number').innerText} ${card.querySelector('.copy').dataset.copy}`)].join('\n');
};
const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { // without HTTPS, or in a frame that may not, there is only the old way
    const box = document.createElement('textarea');
    box.value = text;
    document.body.append(box);
    box.select();
    const done = document.execCommand('copy');
    box.remove();
    return done;
  }
};
element.addEventListener('click', async (event) => {
  const button = event.target.closest('button.copy');
  if (!button) return;
  const label = button.firstChild.data;
  const {copied, failed} = button.dataset;
  if ([copied, failed].includes(label)) return;
  const done = await copy(textOf(button));
  button.focus();
  button.firstChild.data = done ? copied : failed;
  button.ariaLive = 'polite';
  setTimeout(() => { button.firstChild.data = label; }, 2500);
});
