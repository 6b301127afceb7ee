// Regions of a picture and the stretches of sound that belong to them: same letter, colour and pattern on the picture,
// on the strip and in the list. A click, Enter or the letter itself plays a stretch alone; arrows go through the list.

let NAMESPACE = null; // of drawings, known from the one in the page
const WIDE = 1000; // units across the picture
const LINES = ["", "M0 20L20 0", "M0 0L20 20", "M0 10H20", "M10 0V20", "M0 10H20M10 0V20"]; // by pattern
const ANGLES = ["none", "135deg", "45deg", "0deg", "90deg", "cross"];

function svg(tag, attributes) {
  const element = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

function stripes(pattern) {
  const lines = (angle) => `repeating-linear-gradient(${angle}, rgb(0 0 0 / 60%) 0 2px, transparent 2px 7px)`;
  if (ANGLES[pattern] === "none") return "none";
  return ANGLES[pattern] === "cross" ? `${lines("0deg")}, ${lines("90deg")}` : lines(ANGLES[pattern]);
}

class SegmentsView {
  constructor(root) {
    this.root = root;
    const find = (selector) => root.querySelector(selector);
    [this.base, this.regions, this.strip, this.bands, this.playhead, this.rows] = [".base", ".regions", ".strip", ".bands", ".strip .playhead", ".rows"].map(find);
    NAMESPACE = this.regions.namespaceURI;
    this.playback = new Playback((time) => this.progress(time), (state) => this.state(state));
    this.addresses = [];
    this.strip.onpointerdown = (event) => this.point(event);
    root.onkeydown = (event) => this.key(event);
  }

  async show(data) {
    this.data = data;
    this.stop();
    this.addresses.splice(0).forEach((address) => URL.revokeObjectURL(address));
    this.root.style.setProperty("--tone", `var(--xm-${data.heard})`);
    this.strip.querySelector("img").hidden = !data.spectrogram_type;
    if (data.spectrogram_type) this.strip.querySelector("img").src = this.file("spectrogram");
    this.strip.querySelector("img").alt = `Spectrogram of the ${data.heard_label}`;
    this.strip.hidden = !data.duration_s;
    this.playback.address = undefined;
    if (data.sound_type) this.playback.load(this.file("sound"));
    this.base.alt = data.alt;
    this.base.src = this.file("picture");
    this.list();
    await this.base.decode().catch(() => undefined);
    if (this.data !== data) return;
    this.ratio = this.base.naturalWidth / this.base.naturalHeight || 1;
    this.root.style.setProperty("--ratio", String(this.ratio));
    this.draw();
    this.root.dataset.state = "ready";
  }

  file(name) {
    const bytes = this.data.bytes.getChild(name).get(0);
    const made = URL.createObjectURL(new Blob([bytes], { type: this.data[`${name}_type`] }));
    this.addresses.push(made);
    return made;
  }

  list() {
    this.buttons = this.data.segments.map((segment, index) => {
      const button = make("button");
      button.type = "button";
      button.disabled = !this.data.sound_type;
      this.colour(button, segment);
      const chip = make("span", "chip");
      chip.append(make("b", "", segment.letter));
      const said = segment.words || "no word known";
      button.append(make("span", "go"), chip, make("span", segment.words ? "said" : "said none", said), make("span", "number", segment.when), make("span", "number share", segment.share));
      button.ariaLabel = `Play segment ${segment.letter}: ${said}, ${segment.when}, ${segment.share} of the picture`;
      button.onclick = () => this.play(index);
      button.onmouseenter = button.onfocus = () => this.single(index);
      button.onmouseleave = button.onblur = () => this.single(this.playing ?? null);
      return button;
    });
    this.rows.replaceChildren(...this.buttons.map((button) => { const item = make("li"); item.append(button); return item; }));
    const lanes = [];
    this.marks = this.data.segments.map((segment) => {
      const mark = make("div", "band");
      this.colour(mark, segment);
      mark.style.left = `${(100 * segment.start_s) / this.data.duration_s}%`;
      mark.style.width = `${(100 * (segment.end_s - segment.start_s)) / this.data.duration_s}%`;
      const middle = (segment.start_s + segment.end_s) / 2 / this.data.duration_s;
      let lane = lanes.findIndex((taken) => taken.every((other) => Math.abs(other - middle) > 0.04));
      if (lane < 0) lane = Math.min(2, lanes.push([]) - 1);
      lanes[lane].push(middle);
      mark.style.setProperty("--lane", String(lane));
      mark.append(make("span", "", segment.letter));
      return mark;
    });
    this.bands.replaceChildren(...this.marks);
  }

  colour(element, segment) {
    element.style.setProperty("--own", segment.colour);
    element.style.setProperty("--pattern", stripes(segment.pattern));
  }

  // Largest first, so that small regions stay on top and can be pointed at.
  draw() {
    const high = WIDE / this.ratio;
    this.regions.setAttribute("viewBox", `0 0 ${WIDE} ${high}`);
    const defs = svg("defs", {});
    this.shapes = this.data.segments.map((segment, index) => {
      const fill = svg("pattern", { id: `fill-${index}`, width: 20, height: 20, patternUnits: "userSpaceOnUse" });
      fill.append(svg("rect", { width: 20, height: 20, fill: segment.colour, "fill-opacity": 0.5 }), svg("path", { d: LINES[segment.pattern] || "M0 0", stroke: "#000", "stroke-opacity": 0.6, "stroke-width": 3 }));
      defs.append(fill);
      const path = segment.outlines.map((points) => `M${points.map(([x, y]) => `${(x * WIDE).toFixed(1)} ${(y * high).toFixed(1)}`).join("L")}Z`).join("");
      const group = svg("g", { class: "region" });
      group.append(svg("path", { d: path, fill: `url(#fill-${index})`, "fill-rule": "evenodd" }), svg("path", { d: path, class: "halo" }), svg("path", { d: path, class: "line" }));
      const [x, y] = segment.at;
      const letter = svg("text", { x: Math.max(24, Math.min(WIDE - 24, x * WIDE)), y: Math.max(26, Math.min(high - 26, y * high)) });
      letter.textContent = segment.letter;
      group.append(letter);
      group.onclick = () => this.play(index);
      group.onmouseenter = () => this.single(index);
      group.onmouseleave = () => this.single(this.playing ?? null);
      return group;
    });
    const order = this.shapes.map((_, index) => index).sort((one, two) => this.data.segments[two].area - this.data.segments[one].area);
    this.regions.replaceChildren(defs, ...order.map((index) => this.shapes[index]));
  }

  single(index) {
    this.root.classList.toggle("one", index !== null);
    for (const group of [this.shapes, this.marks, this.buttons]) group?.forEach((element, at) => element.classList.toggle("on", at === index));
  }

  play(index) {
    if (!this.data.sound_type) return this.single(index);
    if (this.playing === index && this.playback.playing) return this.playback.audio.pause();
    this.playing = index;
    this.single(index);
    this.buttons.forEach((button, at) => button.classList.toggle("playing", at === index));
    this.playback.seek(this.data.segments[index].start_s);
    return this.playback.play();
  }

  // The stretch alone: a frame late at most.
  progress(time) {
    if (!this.data?.duration_s) return;
    this.playhead.style.left = `${(100 * Math.min(time, this.data.duration_s)) / this.data.duration_s}%`;
    const segment = this.data.segments[this.playing];
    if (segment && this.playback.playing && time >= segment.end_s) this.playback.audio.pause();
  }

  state(state) {
    if (state === "playing") return;
    this.buttons?.forEach((button) => button.classList.remove("playing"));
    this.playing = undefined;
    if (!this.root.matches(":hover") && !this.rows.contains(this.rows.getRootNode().activeElement)) this.single(null);
  }

  point(event) {
    const box = this.strip.getBoundingClientRect();
    const seconds = ((event.clientX - box.left - this.strip.clientLeft) / this.strip.clientWidth) * this.data.duration_s;
    const under = this.data.segments.map((segment, index) => [segment.end_s - segment.start_s, index, segment]).filter(([, , segment]) => seconds >= segment.start_s && seconds < segment.end_s).sort(([one], [two]) => one - two);
    if (under.length) this.play(under[0][1]);
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const named = event.key.length === 1 ? this.data.segments.findIndex((segment) => segment.letter === event.key.toUpperCase()) : -1;
    if (way) this.buttons[this.buttons.indexOf(event.target) + way]?.focus();
    else if (named >= 0) { this.buttons[named].focus(); this.play(named); }
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  stop() {
    this.playback.audio.pause();
    this.playing = undefined;
  }

  destroy() {
    this.playback.destroy();
    this.addresses.splice(0).forEach((address) => URL.revokeObjectURL(address));
    this.data = undefined;
  }
}

export default function (component) {
  const place = component.parentElement;
  let view = INSTANCES.get(place);
  if (!view) {
    view = new SegmentsView(place.querySelector(".xm"));
    INSTANCES.set(place, view);
  }
  applyTheme(view.root);
  if (view.data?.shown_key !== component.data.shown_key) view.show(component.data);
  return () => {
    INSTANCES.get(place)?.destroy();
    INSTANCES.delete(place);
  };
}
