// The conversation and what is half typed outlast a reload, which Gradio does by itself when a lost connection is back, and
// the way to another page around the widget. How they are kept is store.js's matter.
const isQuestion = (box) => box.matches('#question textarea');
document.addEventListener('input', ({target}) => { if (isQuestion(target)) huiwen.keep('draft', target.value); });
watch('kept', () => huiwen.keep('chat', props.kept));
watch('value', () => { if (element.querySelector('.working')) huiwen.keep('draft', ''); });
