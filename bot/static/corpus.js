// Follows a build of the index: asks how far it is while it runs, then shows the new list.
(() => {
  "use strict";
  const PAUSE = 700; // milliseconds between two looks
  const state = document.querySelector("#state");
  const busy = () => state.querySelector("[data-busy]");

  async function look() {
    try {
      const reply = await fetch("/desk/corpus/state", { headers: { "X-CSRF-Token": document.body.dataset.token } });
      if (reply.status === 401) return location.assign("/desk/login");
      if (reply.ok) state.innerHTML = await reply.text(); // made and escaped by our own server
      if (!busy()) return location.assign("/desk/corpus");
    } catch { /* the service may be busy or gone for a moment: the next look tells */ }
    setTimeout(look, PAUSE);
  }

  if (state && busy()) setTimeout(look, PAUSE);
})();
