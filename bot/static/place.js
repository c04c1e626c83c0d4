// The box in which a place is looked for: a combobox with a list below it, as WAI-ARIA's authoring practices describe it.
// What was settled on goes to the server as an event of Gradio's; `props.chosen` is what the server calls it.
const input = () => element.querySelector('input');
const list = () => element.querySelector('[role=listbox]');
const options = () => [...list().children];
const root = new URL(window.gradio_config?.root ?? '/', location).pathname.replace(/\/$/, '');
let settled = ''; // what the server calls the place that it knows
let sent = ''; // the text that was sent last
let active = -1;
let asked = 0;

const close = () => {
  asked += 1; // what is still on its way is not wanted any more
  list().hidden = true;
  input().setAttribute('aria-expanded', false);
  mark(-1);
};
const mark = (at) => {
  active = at;
  options().forEach((option, i) => { option.setAttribute('aria-selected', i === at); });
  const option = options()[at];
  if (option) option.scrollIntoView({block: 'nearest'});
  if (option) input().setAttribute('aria-activedescendant', option.id); else input().removeAttribute('aria-activedescendant');
};
const makeOption = ({name, code, path, covered}, i) => {
  const option = document.createElement('li');
  const above = path.length > 1 ? `（${path[path.length - 2]}）` : '';
  option.append(name + above);
  option.id = `place-option-${i}`;
  option.setAttribute('role', 'option');
  option.setAttribute('aria-selected', false);
  option.dataset.code = code;
  if (covered) option.append(Object.assign(document.createElement('span'), {textContent: element.querySelector('label').dataset.covered}));
  return option;
};
const search = async () => {
  const mine = asked += 1, text = input().value.trim();
  const wanted = text === settled ? '' : text.slice(0, input().maxLength);
  try {
    const found = await (await fetch(`${root}/api/jurisdictions?q=${encodeURIComponent(wanted)}`)).json();
    if (mine !== asked) return;
    list().replaceChildren(...found.jurisdictions.map(makeOption));
  } catch { // without network there is nothing to choose from
    if (mine === asked) list().replaceChildren();
  }
  list().hidden = !options().length;
  input().setAttribute('aria-expanded', !list().hidden);
  mark(-1);
};
const settle = (code, text) => {
  sent = text;
  input().value = text;
  close();
  trigger('settle', {place: code});
};
const choose = (option) => settle(option.dataset.code, option.firstChild.data);
const settleTyped = () => {
  const text = input().value.trim();
  if (text !== settled && text !== sent) settle(text, text); else close();
};

element.addEventListener('input', (event) => { if (!event.isComposing) search(); });
element.addEventListener('compositionend', search);
element.addEventListener('click', ({target}) => {
  const option = target.closest('[role=option]');
  if (option) choose(option);
  else if (target === input()) { input().select(); search(); }
});
element.addEventListener('mousedown', (event) => { if (event.target.closest('[role=listbox]')) event.preventDefault(); });
element.addEventListener('focusout', () => settleTyped());
element.addEventListener('keydown', async (event) => {
  if (event.isComposing) return;
  const last = options().length - 1;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault();
    if (list().hidden) await search();
    else if (event.key === 'ArrowDown') mark(active < last ? active + 1 : 0);
    else mark(active > 0 ? active - 1 : last);
  } else if (event.key === 'Enter') {
    event.preventDefault();
    if (active >= 0) choose(options()[active]); else settleTyped();
  } else if (event.key === 'Escape' && !list().hidden) {
    event.stopPropagation(); // it closes the list, not the widget around the page
    input().value = settled;
    close();
  }
});
watch('code', () => huiwen.keep('place', props.code));
watch('chosen', () => {
  settled = props.chosen;
  if (![settled, sent, ''].includes(input().value.trim())) return; // typing goes on
  if (settled || !sent) input().value = settled; // what the server does not know is left to be mended
  sent = settled;
});
