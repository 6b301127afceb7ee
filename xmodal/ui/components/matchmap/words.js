// Words under the strip, each where it is spoken, in as many rows as they need; running text if that is too many.

const MOST_ROWS = 4;
const GAP_PX = 3;

class Words {
  // `events`: say(index)
  constructor(root, events) {
    this.root = root;
    this.events = events;
    this.current = -1;
    root.onkeydown = (event) => this.step(event);
  }

  show(words, duration) {
    this.words = words;
    this.duration = duration;
    this.current = -1;
    this.root.hidden = !words.length;
    this.buttons = words.map((word, index) => this.word(word, index));
    this.root.replaceChildren(...this.buttons.flatMap((button) => [button, " "]));
    this.layout();
  }

  word(word, index) {
    const button = make("button", "", word.text);
    button.type = "button";
    button.tabIndex = index === 0 ? 0 : -1;
    button.title = word.note;
    button.onclick = () => this.events.say(index);
    return button;
  }

  // Each word in the first row where it does not touch its neighbour. All reads before all writes.
  layout() {
    const width = this.root.clientWidth;
    if (!width || !this.words?.length) return;
    this.root.classList.add("timed");
    const sizes = this.buttons.map((button) => button.offsetWidth);
    const ends = [];
    const rows = this.words.map((word, index) => {
      const left = Math.max(0, Math.min((word.start_s / this.duration) * width, width - sizes[index]));
      let row = ends.findIndex((end) => end <= left);
      if (row < 0) row = ends.push(0) - 1;
      ends[row] = left + sizes[index] + GAP_PX;
      return [left, row];
    });
    const timed = ends.length <= MOST_ROWS;
    this.root.classList.toggle("timed", timed);
    this.root.style.setProperty("--rows", String(ends.length));
    this.buttons.forEach((button, index) => {
      button.style.left = timed ? `${rows[index][0]}px` : "";
      button.style.setProperty("--row", String(rows[index][1]));
    });
  }

  // Index of the word being said, -1 between words. True if it has changed.
  setTime(seconds) {
    const now = this.words?.findIndex((word) => seconds >= word.start_s && seconds < word.end_s) ?? -1;
    if (now === this.current) return false;
    this.mark(this.current, false);
    this.mark(now, true);
    this.current = now;
    return true;
  }

  mark(index, now) {
    const button = this.buttons[index];
    if (!button) return;
    button.classList.toggle("now", now);
    if (now) button.setAttribute("aria-current", "true"); else button.removeAttribute("aria-current");
  }

  setLooped(index) { this.buttons.forEach((button, at) => button.classList.toggle("looped", at === index)); }

  // One tab stop for the whole caption, arrows from word to word.
  step(event) {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    const next = this.buttons[this.buttons.indexOf(event.target) + way];
    if (!next) return;
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}
