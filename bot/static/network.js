// What no server can tell: no network, an answer that does not come, no room for more letters. Runs behind keep.js.
const line = () => document.querySelector('#state p');
const tell = (name, left) => {
  const text = name ? line().dataset[name].replace('{left}', left) : '';
  if (line().textContent !== text) line().textContent = text;
};
const SLOW = 6000, LOST = 30000; // milliseconds without a word from the server
let timers = [];
const stopWaiting = () => { timers.forEach(clearTimeout); timers = []; };
const wait = () => {
  stopWaiting();
  timers = [setTimeout(tell, SLOW, 'slow'), setTimeout(tell, LOST, 'lost')];
};
const asked = () => { if (navigator.onLine) wait(); else tell('offline'); };
const written = () => document.querySelector('#question textarea').value.trim();
document.addEventListener('click', ({target}) => {
  if (target.closest('.chip') || (target.closest('#send') && written())) asked();
});
document.addEventListener('keydown', (event) => {
  const sends = event.key === 'Enter' && !event.shiftKey && !event.isComposing;
  if (sends && isQuestion(event.target) && written()) asked();
}, true); // before Gradio empties the box
watch('value', () => {
  tell();
  if (element.querySelector('.working')) wait(); else stopWaiting();
});
addEventListener('offline', () => { stopWaiting(); tell('offline'); });
addEventListener('online', () => tell());
document.addEventListener('input', ({target}) => {
  if (!isQuestion(target)) return;
  const left = target.maxLength - target.value.length;
  tell(left > 50 ? '' : left ? 'left' : 'none', left);
});
