// In a frame, as widget.js makes one: tell the page around that the chat is there, take the focus when asked to, close with
// Escape. What is told says nothing of the chat, and only pages that the setting allows can have the frame at all.
if (window !== top) {
  const questionBox = () => document.querySelector('#question textarea');
  const tellAround = (word) => parent.postMessage({huiwen: word}, '*');
  addEventListener('message', ({source, data}) => { if (source === parent && data?.huiwen === 'focus') questionBox().focus(); });
  addEventListener('keydown', ({key, isComposing}) => { if (key === 'Escape' && !isComposing) tellAround('close'); });
  const tellReady = () => { if (questionBox()?.disabled === false) tellAround('ready'); else setTimeout(tellReady, 50); };
  tellReady();
}
