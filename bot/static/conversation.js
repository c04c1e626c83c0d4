// A marker leads to its card; a new question comes to the top and stays there until the visitor scrolls. Plain #links
// would not do: Gradio's <base> makes them leave the page when its address carries ?place=. Gradio runs this once the
// conversation is there, with `element` (the conversation) and `watch` (calls back when a property changed).
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
let turns = 0;
let follow = false;
const release = () => { follow = false; };
for (const gesture of ['wheel', 'touchmove', 'keydown']) addEventListener(gesture, release, {passive: true});
element.addEventListener('click', (event) => {
  const marker = event.target.closest('a.marker');
  if (!marker) return;
  event.preventDefault();
  const card = document.getElementById(marker.getAttribute('href').slice(1));
  if (!card) return;
  card.scrollIntoView({behavior: calm, block: 'center'});
  card.focus({preventScroll: true});
});
watch('value', () => {
  const shown = element.querySelectorAll('.turn');
  if (shown.length > turns) follow = true;
  turns = shown.length;
  if (follow && turns) shown[turns - 1].scrollIntoView({behavior: calm, block: 'start'});
});
