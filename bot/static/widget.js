// One <script src="https://…/widget.js" data-place="…" data-title="…"></script> puts a button on any page that opens the chat
// in place. The page's security policy must let the script and its frame in (script-src, frame-src), nothing else: styles
// are made by script, within a shadow tree, and the page has no global more than before.
(() => {
  const TAG = 'huiwen-widget', OPEN = 'huiwen.widget', PATIENCE = 15000; // milliseconds
  const script = document.currentScript;
  if (!script || document.querySelector(TAG)) return;
  const words = __WORDS__, css = __STYLE__;
  const {place, title = words.title} = script.dataset;
  const chat = new URL('.', script.src); // below whatever path the service lies
  if (place) chat.searchParams.set('place', place);

  const make = (tag, attributes, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };
  const frame = make('iframe', {title, allow: 'clipboard-write', class: 'waiting'});
  const told = make('p', {role: 'status'});
  const away = () => make('a', {href: chat, target: '_blank', rel: 'noopener'}, words.new_window);
  const shut = make('button', {type: 'button', 'aria-label': words.close, class: 'shut'}, '×');
  const bar = make('div', {class: 'bar'}, make('strong', {}, title), away(), shut);
  const panel = make('div', {id: 'panel', role: 'dialog', 'aria-label': title, hidden: ''}, bar, told, frame);
  const button = make('button', {type: 'button', class: 'open', 'aria-expanded': false, 'aria-controls': 'panel'}, title);

  // The page's next page shows the chat open again, with the conversation that the frame keeps by itself.
  const store = (key, text) => { try { sessionStorage.setItem(key, text); } catch { /* not allowed here */ } };
  const stored = (key) => { try { return sessionStorage.getItem(key) ?? ''; } catch { return ''; } };
  const keyOf = (name) => `huiwen.frame.${name}`;
  let ready = false, wanted = false, timer;
  const focusInside = () => {
    frame.focus();
    frame.contentWindow.postMessage({huiwen: 'focus'}, chat.origin);
  };
  const load = () => {
    told.textContent = words.opening;
    frame.src = chat;
    timer = setTimeout(() => told.replaceChildren(words.failed, ' ', away()), PATIENCE);
  };
  const show = (open, byHand) => {
    panel.hidden = !open;
    button.setAttribute('aria-expanded', open);
    store(OPEN, open ? '1' : '');
    wanted = open && byHand;
    if (open && !frame.src) load(); // nothing is fetched before it is wanted
    if (wanted) (ready ? focusInside : () => shut.focus())();
    if (!open && byHand) button.focus();
  };
  const heard = {
    ready() {
      clearTimeout(timer);
      ready = true;
      told.hidden = true;
      frame.className = '';
      if (wanted) focusInside();
    },
    close() { show(false, true); },
    // Where the browser denies the frame any storage, it asks this page to keep what it would.
    keep({name, text}) { store(keyOf(name), String(text)); },
    recall({name}) { frame.contentWindow.postMessage({huiwen: 'recalled', name, text: stored(keyOf(name))}, chat.origin); },
  };
  button.addEventListener('click', () => show(panel.hidden, true));
  shut.addEventListener('click', () => show(false, true));
  panel.addEventListener('keydown', (event) => { if (event.key === 'Escape') show(false, true); });
  addEventListener('message', ({origin, source, data}) => {
    const word = origin === chat.origin && source === frame.contentWindow && data?.huiwen;
    if (['ready', 'close', 'keep', 'recall'].includes(word)) heard[word](data);
  });

  const host = document.createElement(TAG);
  const root = host.attachShadow({mode: 'open'});
  try { // no security policy forbids these
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch { // Safari before 16.4
    root.append(make('style', {}, css));
  }
  root.append(panel, button);
  const start = () => {
    document.body.append(host);
    if (stored(OPEN)) show(true, false);
  };
  if (document.body) start(); else addEventListener('DOMContentLoaded', start);
})();
