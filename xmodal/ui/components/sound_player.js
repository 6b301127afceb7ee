// One recording: its spectrogram with a playhead, what is heard as bars, its words in step. Everything follows
// `currentTime`, drawn per animation frame. Space plays, arrows move by half a second, a click on a word goes there.

class SoundPlayer {
  constructor(root) {
    this.root = root;
    const find = (selector) => root.querySelector(selector);
    this.button = find(".round");
    this.strip = find(".strip");
    this.time = find(".time");
    this.words = find(".words");
    this.events = find(".events");
    this.playback = new Playback((time, duration) => this.progress(time, duration), (state) => this.state(state));
    this.button.onclick = () => this.playback.toggle();
    this.strip.onpointerdown = (event) => { this.strip.setPointerCapture(event.pointerId); this.scrub(event); };
    this.strip.onpointermove = (event) => { if (this.strip.hasPointerCapture(event.pointerId)) this.scrub(event); };
    root.onkeydown = (event) => this.key(event);
  }

  show(data) {
    this.data = data;
    this.playback.audio.pause();
    this.root.style.setProperty("--tone", `var(--xm-${data.modality})`);
    this.root.style.setProperty("--tone-text", `var(--xm-${data.modality}-text)`);
    this.root.style.setProperty("--strip", `${data.strip_px}px`);
    this.root.querySelector(".label").textContent = data.label;
    const note = this.root.querySelector(".note");
    note.textContent = note.title = data.note;
    this.button.title = "Loudness is evened out for playing";
    this.button.ariaLabel = `Play ${data.label.toLowerCase()}`;
    this.strip.ariaLabel = `Position in ${data.label.toLowerCase()}`;
    const image = this.strip.querySelector("img");
    image.alt = `Spectrogram of the ${data.label.toLowerCase()}`;
    image.src = data.spectrogram;
    this.length = 0;
    this.spoken = data.words.map((word, index) => this.word(word, index));
    this.words.onkeydown = (event) => this.step(event);
    this.words.replaceChildren(...this.spoken.flatMap((button) => [button, " "]));
    this.heard = [];
    this.root.querySelector(".key").hidden = true;
    this.playback.load(data.source);
    this.state("paused");
    this.playback.draw();
  }

  // One tab stop for the whole caption, arrows from word to word.
  step(event) {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = way && this.spoken[this.spoken.indexOf(event.target) + way];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    if (!next) return;
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  word(word, index) {
    const button = make("button", "", word.text);
    button.type = "button";
    button.tabIndex = index === 0 ? 0 : -1;
    button.title = `${word.start_s.toFixed(2)} to ${word.end_s.toFixed(2)} s`;
    button.onclick = () => this.jump(word.start_s);
    return button;
  }

  // Bars need the length of the recording, which is known when its header has arrived.
  layout(duration) {
    this.length = duration;
    const share = (seconds) => 100 * Math.min(1, seconds / duration);
    this.strip.querySelector(".ticks").replaceChildren(...this.data.words.map((word) => {
      const tick = make("i");
      tick.style.left = `${share(word.start_s)}%`;
      return tick;
    }));
    const lanes = [];
    this.heard = this.data.events.map((event) => this.event(event, share, this.lane(lanes, event)));
    this.events.replaceChildren(...lanes.map((lane) => lane.row));
    this.root.querySelector(".key").hidden = this.data.events.every((event) => event.seen !== false);
    this.strip.setAttribute("aria-valuemax", duration.toFixed(2));
  }

  // What sounds again shares a row with its earlier self, unless the two overlap.
  lane(lanes, event) {
    let found = lanes.find((lane) => lane.label === event.label && lane.seen === event.seen && lane.end_s <= event.start_s);
    if (!found) {
      found = { label: event.label, seen: event.seen, row: make("div", "event") };
      found.row.setAttribute("role", "listitem");
      lanes.push(found);
    }
    found.end_s = event.end_s;
    return found.row;
  }

  event(event, share, row) {
    const button = make("button", event.seen === false ? "unseen" : "");
    button.type = "button";
    const where = event.seen === false ? ", not in the picture" : "";
    button.title = button.ariaLabel = `${event.label}${where}: ${event.start_s.toFixed(2)} to ${event.end_s.toFixed(2)} s`;
    button.style.left = `${share(event.start_s)}%`;
    button.style.width = `${share(event.end_s) - share(event.start_s)}%`;
    button.onclick = () => this.jump(event.start_s);
    row.append(button);
    if (row.children.length > 1) return button; // the same again: its name stands at the first one
    const name = make("span", "", event.label);
    if (share(event.start_s) > 60) name.style.right = `${100 - Math.min(100, share(event.end_s))}%`;
    else name.style.left = `${share(event.start_s)}%`;
    row.append(name);
    return button;
  }

  jump(seconds) {
    this.playback.seek(seconds + 0.001);
    this.playback.play();
  }

  state(state) {
    this.button.dataset.state = state;
    if (state === "broken") this.time.textContent = "cannot be played";
  }

  progress(time, duration) {
    if (!this.data || !duration) return;
    if (this.length !== duration) this.layout(duration);
    this.root.style.setProperty("--at", `${(100 * time) / duration}%`);
    this.time.textContent = `${clock(time)} / ${clock(duration)}`;
    this.strip.setAttribute("aria-valuenow", time.toFixed(2));
    this.strip.setAttribute("aria-valuetext", clock(time));
    const on = (part) => time >= part.start_s && time < part.end_s && (time > 0 || this.playback.playing);
    this.spoken.forEach((button, index) => this.mark(button, on(this.data.words[index])));
    this.heard.forEach((button, index) => this.mark(button, on(this.data.events[index])));
  }

  mark(button, now) {
    if (button.classList.contains("now") === now) return;
    button.classList.toggle("now", now);
    if (now) button.setAttribute("aria-current", "true"); else button.removeAttribute("aria-current");
  }

  scrub(event) {
    const box = this.strip.getBoundingClientRect();
    this.playback.seek(Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * this.length);
  }

  key(event) {
    const step = { ArrowRight: 0.5, ArrowLeft: -0.5 }[event.key];
    if (step && event.target === this.strip) this.playback.seek(this.playback.audio.currentTime + step);
    else if ((event.key === " " || event.key === "Enter") && event.target === this.strip) this.playback.toggle();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  destroy() { this.playback.destroy(); }
}

export default function (component) { return mount(component, SoundPlayer); }
