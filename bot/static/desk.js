// The hotline's desk: searches as one types, shows the document beside the list, copies, and does it all by keyboard.
// Every piece of HTML comes from our own server, which escapes it; the page's policy lets nothing planted in it run.
(() => {
  "use strict";
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const told = document.body.dataset;
  const PAUSE = 10; // milliseconds without a key before a search: keys of one burst make one request
  const REST = 150; // and before the document beside the list follows: the list comes first
  const narrow = () => matchMedia("(max-width: 60rem)").matches;

  function say(text) {
    const line = one("#said");
    line.textContent = text;
    line.classList.add("shown");
    clearTimeout(say.timer);
    say.timer = setTimeout(() => line.classList.remove("shown"), 4000);
  }

  async function fetchPiece(path, options = {}) {
    const headers = { "X-CSRF-Token": told.token, ...(options.body ? { "Content-Type": "application/json" } : {}) };
    const reply = await fetch(path, { credentials: "same-origin", ...options, headers });
    if (reply.status === 401) location.assign("/desk/login");
    if (!reply.ok) throw new Error((await reply.json().catch(() => null))?.error?.message ?? told.failed);
    return reply.text();
  }

  const failed = (error) => { if (error.name !== "AbortError") say(error instanceof TypeError ? told.failed : error.message); };

  async function copy(text, what) {
    try {
      await navigator.clipboard.writeText(text);
      say(told.copied.replace("{what}", what));
    } catch { // the browser allows it on secure pages alone
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      const focused = document.activeElement;
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      focused?.focus();
      say(done ? told.copied.replace("{what}", what) : told.copyFailed);
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button.dataset.copy, button.dataset.copies);
    const drop = event.target.closest("[data-drop]");
    if (drop) fetchPiece(`/desk/corrections/${drop.dataset.drop}`, { method: "DELETE" }).then(() => drop.closest("li").remove(), failed);
  });

  const form = one("#search");
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select");
    if (event.key === "/" && !typing && one("#q")) {
      event.preventDefault();
      one("#q").focus();
      one("#q").select();
    }
  });
  if (!form) return;

  const box = one("#q"), found = one("#found"), pane = one("#pane"), context = one("#context"), answer = one("#answer");
  const nothing = context.innerHTML; // what stands there while nothing is chosen
  const documents = new Map(); // HTML by id: a document is fetched once
  let current = null, shown = "", asking = null, timer = 0, resting = 0, listed = location.search.slice(1);

  // ---- the list
  const hits = () => all(".hit", found);

  function query() {
    const values = [...new FormData(form)].filter(([name, value]) => value && !(name === "limit" && value === "20"));
    return new URLSearchParams(values).toString();
  }

  async function search() {
    asking?.abort();
    asking = new AbortController();
    const asked = query(), { signal } = asking;
    try {
      const html = await fetchPiece(`/desk/hits?${asked}`, { signal });
      const { name, value } = document.activeElement ?? {};
      const held = found.contains(document.activeElement);
      const open = one(".facets", found)?.open ?? !narrow();
      found.innerHTML = html;
      listed = asked;
      one("#told").textContent = one(".count, .empty", found)?.textContent ?? ""; // read aloud
      if (one(".facets", found)) one(".facets", found).open = open;
      if (held) (all("input", found).find((each) => each.name === name && each.value === value) ?? box).focus();
      history.replaceState(null, "", asked ? `/desk?${asked}` : "/desk");
      settle();
    } catch (error) { failed(error); }
  }

  /** Opens the first clause of what is typed now, whether or not its list has come yet. */
  async function openFirst() {
    clearTimeout(timer);
    if (listed !== query()) await search();
    if (hits()[0]) { hits()[0].focus(); open(hits()[0]); }
  }

  function searchSoon(pause = PAUSE) {
    clearTimeout(resting);
    view("context"); // not when the list comes: an answer may have been asked for by then
    one("[name=limit]", form).value = "20";
    clearTimeout(timer);
    timer = setTimeout(search, pause);
  }

  function settle() {
    current = null;
    clearTimeout(resting);
    if (hits()[0]) choose(hits()[0], REST);
    else { context.innerHTML = nothing; delete context.dataset.document; one("#copy").hidden = true; }
  }

  function choose(hit, rest = 0) {
    hits().forEach((each) => each.removeAttribute("aria-current"));
    hit.setAttribute("aria-current", "true");
    current = hit;
    clearTimeout(resting);
    if (!narrow()) resting = setTimeout(() => show(hit.dataset), rest);
  }

  function step(by) {
    const list = hits(), at = list.indexOf(document.activeElement);
    if (at + by < 0) return box.focus();
    const next = list[Math.min(at + by, list.length - 1)];
    if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
  }

  // ---- beside it
  function view(name) {
    pane.dataset.view = name;
    all(".views button", pane).forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.view === name)));
  }

  async function show({ clause, document: id, words = "" }) {
    shown = clause;
    try {
      if (!documents.has(id)) documents.set(id, await fetchPiece(`/desk/documents/${encodeURIComponent(id)}`));
      if (shown !== clause) return; // another one has been chosen since
      if (context.dataset.document !== id) context.innerHTML = documents.get(id);
      context.dataset.document = id;
      mark(clause, words.split(" ").filter(Boolean));
    } catch (error) { failed(error); }
  }

  function mark(clause, words) {
    all(".here", context).forEach((each) => each.classList.remove("here"));
    all("mark", context).forEach((each) => each.replaceWith(each.textContent));
    context.normalize();
    const section = document.getElementById(clause.slice(clause.indexOf("#") + 1));
    const own = section && (one(":scope > .own", section) ?? section);
    const hit = hits().find((each) => each.dataset.clause === clause);
    one("#copy").hidden = !hit;
    one("#cite").textContent = hit ? citation(hit) : "";
    if (!own) return;
    own.classList.add("here");
    highlight(own, words);
    pane.scrollTop += own.getBoundingClientRect().top - pane.getBoundingClientRect().top - one(".doc", context).offsetHeight - 60;
  }

  function highlight(root, words) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    const ranked = [...words].sort((a, b) => b.length - a.length);
    for (let text of texts) {
      for (;;) {
        const starts = ranked.map((word) => [text.data.indexOf(word), word]).filter(([at]) => at >= 0);
        if (!starts.length) break;
        const [at, word] = starts.reduce((a, b) => (b[0] < a[0] ? b : a));
        const matched = text.splitText(at), rest = matched.splitText(word.length), marked = document.createElement("mark");
        matched.replaceWith(marked);
        marked.append(matched);
        text = rest;
      }
    }
  }

  /** The formal citation; what is selected in the clause's own text takes the place of the whole. */
  function citation({ dataset }) {
    const chosen = getSelection(), text = String(chosen).trim();
    const within = text && one(".here", context)?.contains(chosen.anchorNode) && dataset.clause === shown;
    const quote = (within ? text : dataset.quote).replace(/\s+/g, " ").trim();
    return `${dataset.head}“${quote}”${dataset.tail}`;
  }

  function open(hit) {
    choose(hit);
    clearTimeout(resting);
    view("context");
    pane.classList.add("open");
    show(hit.dataset).then(() => context.focus({ preventScroll: true }));
  }

  function close() {
    pane.classList.remove("open");
    (current && !current.matches(":focus") ? current : box).focus();
  }

  // ---- the answer
  async function make() {
    if (!box.value.trim()) return box.focus();
    const data = new FormData(form);
    const asked = { question: box.value.trim(), jurisdiction: data.get("jurisdiction").trim() || null, as_of: data.get("valid_on") || null };
    view("answer");
    pane.classList.add("open");
    answer.textContent = pane.dataset.waiting;
    answer.focus();
    const turn = (make.turn = (make.turn ?? 0) + 1);
    try {
      const html = await fetchPiece("/desk/answer", { method: "POST", body: JSON.stringify(asked) });
      if (turn !== make.turn) return; // something else has been asked since
      answer.innerHTML = html;
      all("[name=clause]", answer).forEach((each) => { each.defaultChecked = each.checked; });
    } catch (error) { answer.textContent = ""; failed(error); }
  }

  function addClause() {
    const rows = one("#weighed");
    if (!current || !rows) return;
    const { clause, head } = current.dataset;
    const known = all("[name=clause]", rows).find((each) => each.value === clause);
    if (known) { known.checked = true; return known.focus(); }
    const row = rows.insertRow(), ticked = document.createElement("input");
    Object.assign(ticked, { type: "checkbox", name: "clause", value: clause, checked: true, ariaLabel: head });
    row.insertCell().append(ticked);
    row.insertCell().textContent = head;
    row.insertCell().textContent = rows.dataset.added;
    ticked.focus();
  }

  async function correct(sheet) {
    const boxes = all("[name=clause]", sheet), wording = one("[name=wording]", sheet).value.trim();
    if (!wording && boxes.every((each) => each.checked === each.defaultChecked)) return say(sheet.dataset.empty);
    const { question, code, day } = sheet.dataset;
    const clauses = boxes.filter((each) => each.checked).map((each) => each.value);
    const body = JSON.stringify({ question, jurisdiction: code || null, as_of: day, clauses, wording });
    try {
      one("#earlier").innerHTML = await fetchPiece("/desk/corrections", { method: "POST", body });
      boxes.forEach((each) => { each.defaultChecked = each.checked; });
      one("[name=wording]", sheet).value = "";
      say(sheet.dataset.saved);
      one("#earlier").scrollIntoView({ block: "nearest" });
    } catch (error) { failed(error); }
  }

  // ---- what the user does
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => { if (!event.isComposing && event.target.type !== "radio") searchSoon(); });
  box.addEventListener("compositionend", () => searchSoon());
  document.addEventListener("change", (event) => { if (event.target.form === form && event.target.type === "radio") searchSoon(0); });
  found.addEventListener("focusin", (event) => { if (event.target.matches(".hit")) { choose(event.target); view("context"); } });
  document.addEventListener("submit", (event) => { if (event.target.id === "correct") { event.preventDefault(); correct(event.target); } });

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (plain && at(".hit")) { event.preventDefault(); open(at(".hit")); }
    else if (plain && at("[data-show]")) {
      event.preventDefault();
      view("context");
      show({ ...at("[data-show]").dataset, clause: at("[data-show]").dataset.show });
    } else if (at("#copy")) copyCurrent();
    else if (at("#make, [data-make]")) make();
    else if (at("#back")) close();
    else if (at("#add")) addClause();
    else if (at(".views button")) view(at(".views button").dataset.view);
    else if (at("#more")) { one("[name=limit]", form).value = at("#more").dataset.limit; search(); }
    else if (at(".place")) { form.elements.jurisdiction.value = at(".place").dataset.place; searchSoon(0); }
    else if (at("#clear")) {
      all("input:not([name=q]):not([name=limit])", form).forEach((each) => { each.value = ""; });
      all("input[type=radio]", found).forEach((each) => { each.checked = each.value === ""; });
      searchSoon(0);
      box.focus();
    }
  });

  function copyCurrent() {
    const hit = hits().find((each) => each.dataset.clause === shown) ?? current;
    if (hit) copy(citation(hit), one("#copy").dataset.copies);
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    const typing = event.target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select");
    const inList = event.target === box || event.target.matches(".hit");
    const combined = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && combined) { event.preventDefault(); make(); }
    else if (combined) return;
    else if (event.key === "Escape") { event.preventDefault(); close(); }
    else if (event.target === box && event.key === "Enter") { event.preventDefault(); openFirst(); }
    else if (inList && event.key === "ArrowDown") { event.preventDefault(); step(1); }
    else if (inList && event.key === "ArrowUp" && event.target !== box) { event.preventDefault(); step(-1); }
    else if (!typing && event.key === "c") { event.preventDefault(); copyCurrent(); }
    else if (!typing && event.key === "k") { event.preventDefault(); make(); }
  });

  if (narrow() && one(".facets", found)) one(".facets", found).open = false;
  settle();
})();
