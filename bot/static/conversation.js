// A marker opens its card; a new question comes to the top and stays there until the visitor scrolls. Plain #links
// would not do: Gradio's <base> makes them leave the page when its address carries ?place=. Gradio runs this once the
// conversation is there, with `element` (the conversation), `props` and `watch` (calls back when a property changed).
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
let turns = 0;
let follow = false;
const release = () => { follow = false; };
for (const gesture of ['wheel', 'touchmove', 'keydown']) addEventListener(gesture, release, {passive: true});

// Each rendering of the conversation closes the cards, so which are open is kept here.
const opened = new Set();
element.addEventListener('toggle', ({target}) => {
  if (target.matches('.card') && target.isConnected) opened[target.open ? 'add' : 'delete'](target.id);
}, true);
element.addEventListener('click', (event) => {
  const marker = event.target.closest('a.marker');
  if (!marker) return;
  event.preventDefault();
  const card = document.getElementById(marker.getAttribute('href').slice(1));
  if (!card) return;
  card.open = true;
  card.scrollIntoView({behavior: calm, block: 'start'});
  card.querySelector('summary').focus({preventScroll: true});
});
watch('value', () => {
  const shown = element.querySelectorAll('.turn');
  for (const card of element.querySelectorAll('.card')) card.open = opened.has(card.id);
  if (shown.length > turns) follow = true;
  if (shown.length < turns) opened.clear();
  turns = shown.length;
  if (follow && turns) shown[turns - 1].scrollIntoView({behavior: calm, block: 'start'});
});
