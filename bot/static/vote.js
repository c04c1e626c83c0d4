// Votes on answers. Each rendering of the conversation puts the buttons back to how they began, so what was pressed, chosen
// and written is kept here, by the answer's id, and shown again before the browser paints. Runs behind conversation.js.
const votes = new Map();
const voteOf = (box) => {
  const id = box.dataset.answer;
  if (!votes.has(id)) votes.set(id, {verdict: null, open: false, reasons: new Set(), more: '', told: null});
  return votes.get(id);
};

const show = (box) => {
  const vote = voteOf(box);
  for (const button of box.querySelectorAll('[data-verdict]')) {
    button.setAttribute('aria-pressed', button.dataset.verdict === vote.verdict);
    if (button.ariaExpanded) button.ariaExpanded = vote.open;
  }
  for (const button of box.querySelectorAll('[data-reason]')) {
    button.setAttribute('aria-pressed', vote.reasons.has(button.dataset.reason));
  }
  box.querySelector('.why').hidden = !vote.open;
  const input = box.querySelector('input');
  if (input.value !== vote.more) input.value = vote.more;
  box.querySelector('.told').firstChild.data = vote.told ?? box.ariaLabel; // the same text node: said aloud only once
};
const showAll = () => element.querySelectorAll('.vote').forEach(show);

// The problem in words, or null. Behind a proxy the service may lie below the root of its host: Gradio knows where.
const post = async (vote, failed) => {
  const root = new URL(window.gradio_config?.root ?? '/', location).pathname.replace(/\/$/, '');
  try {
    const response = await fetch(`${root}/api/feedback`, {
      method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(vote),
    });
    return response.ok ? null : (await response.json()).error.message;
  } catch {
    return failed;
  }
};

let sent = Promise.resolve(); // one after the other, so that the last vote arrives last
const send = (box, verdict, comment, thanks, done) => {
  const vote = voteOf(box), before = vote.verdict, {answer, failed} = box.dataset;
  vote.verdict = verdict;
  sent = sent.then(() => post({answer_id: answer, verdict, comment}, failed)).then((problem) => {
    if (problem && vote.verdict === verdict) vote.verdict = before;
    vote.told = problem ?? thanks;
    if (!problem) done?.(vote);
    showAll();
  });
};

const explain = (box) => {
  const vote = voteOf(box), more = vote.more.trim(), {answer, thanksMore} = box.dataset;
  const reasons = [...box.querySelectorAll('[data-reason]')].map((button) => button.dataset.reason);
  const comment = [reasons.filter((reason) => vote.reasons.has(reason)).join('、'), more].filter(Boolean).join('：');
  send(box, 'down', comment || null, thanksMore, () => {
    vote.open = false;
    const shown = element.querySelector(`[data-answer="${CSS.escape(answer)}"]`);
    if (shown?.contains(document.activeElement)) shown.querySelector('[data-verdict="down"]').focus();
  });
};

element.addEventListener('click', (event) => {
  const button = event.target.closest('.vote button');
  if (!button) return;
  const box = button.closest('.vote'), vote = voteOf(box), {verdict, reason} = button.dataset;
  if (reason) {
    if (!vote.reasons.delete(reason)) vote.reasons.add(reason);
  } else if (!verdict) {
    explain(box);
  } else {
    vote.open = verdict === 'down' && !(vote.verdict === 'down' && vote.open);
    if (vote.verdict !== verdict) send(box, verdict, null, box.dataset.thanks);
  }
  show(box);
  if (vote.open) box.scrollIntoView({behavior: calm, block: 'nearest'});
});
element.addEventListener('input', (event) => {
  const box = event.target.closest('.vote');
  if (box) voteOf(box).more = event.target.value;
});
element.addEventListener('keydown', (event) => {
  const box = event.target.closest('.vote');
  if (box && event.key === 'Enter' && event.target.matches('input') && !event.isComposing) explain(box);
});
watch('value', showAll);
