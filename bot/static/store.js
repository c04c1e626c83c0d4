// What this browser keeps for the visitor: the conversation and a draft until the window is closed, the place for good. A
// frame may be denied any storage (private windows, third-party storage switched off). Then the page around keeps it in
// its own; frame-ancestors lets no page be around that the service does not allow.
window.huiwen = (() => {
  const PATIENCE = 1000; // milliseconds for the page around to answer
  const storages = {chat: 'sessionStorage', draft: 'sessionStorage', place: 'localStorage'};
  const framed = window !== top;
  const storageOf = (name) => { try { return window[storages[name]]; } catch { return null; } };
  const recallAround = (name) => new Promise((resolve) => {
    const listen = ({source, data}) => { if (source === parent && data?.huiwen === 'recalled' && data.name === name) done(data.text); };
    const done = (text) => { removeEventListener('message', listen); resolve(String(text ?? '')); };
    addEventListener('message', listen);
    setTimeout(done, PATIENCE, '');
    parent.postMessage({huiwen: 'recall', name}, '*');
  });
  return {
    keep(name, text) {
      try {
        const storage = storageOf(name);
        if (storage) storage.setItem(`huiwen.${name}.1`, text);
        else if (framed) parent.postMessage({huiwen: 'keep', name, text}, '*');
      } catch { /* full: it lasts as long as the page */ }
    },
    async recall(name) {
      const storage = storageOf(name);
      return storage ? storage.getItem(`huiwen.${name}.1`) ?? '' : framed ? recallAround(name) : '';
    },
  };
})();
