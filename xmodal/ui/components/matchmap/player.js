// The player: one clip, one clock, one or several maps. Everything that is drawn follows the clock.

const REPORT_MS = 250; // a gesture is told to Python once, this long after its last event
const MOST_PANELS = 4;

class MatchmapPlayer {
  constructor(root) {
    this.root = root;
    const find = (selector) => root.querySelector(selector);
    this.find = find;
    this.root.drawn = { frames: 0, seconds: 0, media: 0 };
    this.settings = { map: 0, compare: false, mode: "spotlight", unit: "percentile", percentile: 80, score: 0, opacity: 0.8, speed: 1, offset_ms: 0, loop: false, brush: false, truth: false };
    this.panels = [];
    this.transport = new Transport({ picture: find("audio"), video: find("video") }, () => this.draw(), (state) => this.state(state));
    this.controls = new Controls(root, this.settings, (name, last) => this.changed(name, last));
    this.strip = new Strip(find(".strip"), {
      scrub: (seconds, last) => { this.transport.seek(seconds + this.offset); if (last) this.report(); },
      brush: (stretch, last) => { this.setStretch(stretch); if (last) this.report(); },
    });
    this.words = new Words(find(".words"), { say: (index) => this.say(index) });
    find(".round").onclick = () => this.toggle();
    find(".ask").onclick = () => this.help();
    find(".clear").onclick = () => this.clear();
    find(".peak").onclick = () => { this.transport.seek(Math.max(0, this.peak.seconds - 0.3) + this.offset); this.transport.play(); };
    fillHelp(find(".help"));
    root.onkeydown = (event) => this.key(event, event.target);
    // Keys work as soon as the page is open, as long as nothing else has the focus.
    this.outside = (event) => { if (document.activeElement === document.body && !event.defaultPrevented && this.inSight()) this.key(event, document.body); };
    window.addEventListener("keydown", this.outside);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(root);
  }

  inSight() {
    const { top, bottom } = this.root.getBoundingClientRect();
    return bottom > 0 && top < window.innerHeight;
  }

  get offset() { return this.data.kind === "text" ? 0 : this.settings.offset_ms / 1000; }
  get seconds() { return this.transport.now - this.offset; }
  get map() { return this.maps[this.settings.map]; }
  get shown() {
    if (!this.settings.compare) return [this.settings.map];
    const first = this.maps.slice(0, MOST_PANELS).map((_, index) => index);
    return first.includes(this.settings.map) ? first : [...first.slice(0, -1), this.settings.map];
  }

  // Same clip, same maps: nothing happens. Same clip, other maps: the sound goes on.
  async show(data) {
    const [clip, maps] = [data.clip_key !== this.data?.clip_key, data.maps_key !== this.data?.maps_key];
    if (!clip && !maps) return;
    const joined = data.together && !this.data?.together;
    this.data = data;
    this.maps = readMaps(data);
    this.heat = column(data, "heat").slice();
    if (this.settings.map >= this.maps.length) this.settings.map = 0;
    if (clip) {
      this.root.dataset.state = "loading";
      this.open(data);
      try { [this.ratio, this.truth] = await Promise.all([this.files.ratio(this.find("video")), this.files.outlines(data.truth_names.length)]); }
      catch { if (this.data === data) this.state("broken"); return; }
      if (this.data?.clip_key !== data.clip_key) return;
    }
    if (joined) this.settings.compare = true;
    this.controls.show(this.maps, this.map, { text: data.kind === "text", truth: Boolean(this.truth) });
    this.arrange();
    this.root.dataset.state = "ready";
  }

  open(data) {
    const files = new ClipFiles(data);
    this.transport.load(data.kind, files.media, data.duration_s);
    this.files?.revoke();
    Object.assign(this, { files, panels: [], place: null, stretch: null, word: -1, peak: null });
    Object.assign(this.settings, { map: 0, compare: false, loop: false, brush: false, truth: false, speed: data.kind === "text" ? 2 : 1 }, data.opening.settings);
    this.transport.speed = this.settings.speed;
    const label = data.heard_label.toLowerCase();
    this.root.style.setProperty("--tone", `var(--xm-${data.heard})`);
    this.root.style.setProperty("--tone-text", `var(--xm-${data.heard}-text)`);
    this.root.dataset.kind = data.kind;
    this.find(".hint").textContent = data.kind === "text" ? "Click or drag on the picture: which word names it? Brush words: where?" : "Click or drag on the picture: when is it spoken about? Brush the sound: where?";
    this.root.ariaLabel = `${data.alt}, with its ${label}`;
    this.strip.show({ spectrogram: files.spectrogram, spectrogram_s: data.spectrogram_s, duration_s: data.duration_s, label, unit: data.kind === "text" ? "words" : "s" });
    this.words.show(data.words, data.duration_s);
    this.place = data.opening.place;
    this.stretch = data.opening.stretch;
    this.strip.brushing = this.settings.brush;
    this.find(".strip").classList.toggle("brushing", this.settings.brush);
    this.setLoop();
    if (data.opening.time_s) this.transport.seek(data.opening.time_s);
    this.state("paused");
  }

  // One panel or several, from scratch: only when maps or their number change.
  arrange() {
    const shown = this.shown;
    this.panels = shown.map((index) => {
      const panel = new Panel(this.maps[index], index + 1, { choose: (place) => this.setPlace(place), solo: () => this.chooseMap(index, true) });
      panel.show(this.data.kind === "video" ? this.find("video") : this.files.picture, this.data.alt, this.ratio);
      panel.root.classList.toggle("chosen", shown.length > 1 && index === this.settings.map);
      return panel;
    });
    const box = this.find(".panels");
    box.style.setProperty("--panels", String(shown.length));
    this.root.style.setProperty("--shape", String(this.ratio));
    this.root.classList.toggle("several", shown.length > 1);
    box.replaceChildren(...this.panels.map((panel) => panel.root));
    this.look();
    this.find_out();
    this.resize();
  }

  look() {
    for (const panel of this.panels) panel.setLook({ ...this.settings, heat: this.heat });
    const own = this.panels.find((panel) => panel.map === this.map);
    if (own) this.controls.scale(own.table, own.threshold);
    this.root.dataset.mode = this.settings.mode;
    this.draw();
  }

  draw() {
    if (!this.data || !this.panels.length) return;
    const media = this.transport.now;
    const seconds = media - this.offset;
    for (const panel of this.panels) panel.draw(seconds, this.stretch);
    this.strip.setTime(seconds);
    if (this.words.setTime(seconds)) this.outline();
    const total = this.data.kind === "text" ? `${Math.floor(media) + 1} / ${this.data.duration_s}` : `${clock(media)} / ${clock(this.data.duration_s)}`;
    if (total !== this.total) this.find(".time").textContent = this.total = total;
    const drawn = this.root.drawn;
    [drawn.frames, drawn.seconds, drawn.media] = [drawn.frames + 1, seconds, media];
  }

  outline() {
    const strong = this.data.words[this.words.current]?.instances ?? [];
    for (const panel of this.panels) panel.outline(this.settings.truth ? this.truth : null, this.data.truth_names, strong);
  }

  resize() {
    if (!this.data || !this.panels.length) return;
    this.strip.draw();
    this.words.layout();
    this.outline();
    this.draw();
  }

  state(state) {
    const button = this.find(".round");
    button.dataset.state = state;
    button.ariaLabel = state === "playing" ? "Pause" : "Play";
    if (state === "broken") this.find(".time").textContent = this.total = "cannot be played";
    if (state === "paused" && this.panels.length) this.report();
  }

  changed(name, last) {
    if (name === "map" || name === "compare") { this.controls.choose(this.map); this.arrange(); }
    else if (name === "speed") this.transport.speed = this.settings.speed;
    else if (name === "brush") this.strip.brushing = this.settings.brush;
    else if (name === "truth") this.outline();
    else if (name === "loop") this.setLoop();
    else if (name === "offset") this.draw();
    else this.look();
    this.find(".strip").classList.toggle("brushing", this.settings.brush);
    if (last) this.report();
  }

  setPlace(place) {
    this.place = place;
    this.find_out();
    this.report();
  }

  setStretch(stretch) {
    this.stretch = stretch;
    this.setLoop();
    this.find_out();
    this.draw();
  }

  setLoop() {
    const word = this.data.words[this.word];
    const whole = [0, this.data.duration_s - 0.02];
    this.transport.loop = this.settings.loop ? this.stretch ?? (word ? [word.start_s, word.end_s] : whole) : null;
    this.words.setLooped(this.settings.loop && !this.stretch ? this.word : -1);
  }

  say(index) {
    this.word = index;
    this.setLoop();
    this.transport.seek(this.data.words[index].start_s + this.offset + 0.001);
    if (this.data.kind === "text") this.report(); else this.transport.play();
  }

  // Answers to what was asked by pointing: the curve over the strip, the words beside it.
  find_out() {
    const { place, stretch, data, map } = this;
    const text = data.kind === "text";
    for (const panel of this.panels) {
      panel.setPlace(place);
      panel.note(stretch ? "stands still" : "");
    }
    this.strip.setStretch(stretch);
    const curves = place ? this.panels.map((panel) => {
      const values = curveAt(panel.map, place);
      return { map: panel.map, values, peak: peakOf(panel.map, values), main: panel.map === map };
    }) : this.files.spectrogram ? [] : [{ map, values: strongest(map), quiet: true }];
    this.strip.setCurves(curves);
    this.peak = curves.find((curve) => curve.main)?.peak ?? null;
    const at = (seconds) => (text ? `“${data.words[Math.floor(seconds)]?.text ?? ""}”` : `${seconds.toFixed(2)} s`);
    const always = place && map.frames === 1;
    this.find(".when").textContent = !place ? "" : always ? `This place matches with ${digits(this.peak.score)} at all times.` : `This place matches most at ${at(this.peak.seconds)}, score ${digits(this.peak.score)}.`;
    this.find(".where").textContent = !stretch ? "" : text ? "The light is the mean over the brushed words." : `The light is the mean from ${stretch[0].toFixed(2)} to ${stretch[1].toFixed(2)} s.`;
    this.find(".found").classList.toggle("nothing", !place && !stretch);
    this.find(".peak").hidden = !place || always;
    this.find(".clear").hidden = !place && !stretch;
  }

  toggle() { this.transport.toggle(); }
  mode() { this.controls.nextMode(); }
  flip(name) { if (!this.find(`.toggle.${name}`).hidden) this.controls.set(name, !this.settings[name]); }
  chooseMap(index, alone = false) {
    if (index >= this.maps.length) return;
    if (alone) this.settings.compare = false;
    this.controls.set("map", index);
  }
  move(way, fine) {
    const unit = fine ? this.map.step : 1;
    this.transport.seek(this.transport.now + way * unit);
    this.report();
  }
  mark(end) {
    const [start, stop] = this.stretch ?? [0, this.data.duration_s];
    const now = this.seconds;
    this.setStretch(end ? [Math.min(start, now), now] : [now, Math.max(stop, now)]);
    this.report();
  }
  clear() {
    this.place = null;
    this.setStretch(null);
    this.report();
  }
  escape() { if (this.find(".help").matches(":popover-open")) this.help(); else this.clear(); }
  help() { this.find(".help").togglePopover(); }

  key(event, target) {
    const action = this.data && actionOf(event, target);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    const [name, ...rest] = action;
    this[name](...rest);
  }

  // What Python learns, once per gesture.
  report() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      const { map: _map, brush: _brush, ...settings } = this.settings;
      const view = { ...settings, id: this.data.id, map: this.map.name, time_s: Number(this.transport.now.toFixed(3)), place: this.place, stretch: this.stretch, peak_s: this.peak?.seconds ?? null, peak_score: this.peak?.score ?? null };
      const text = JSON.stringify(view);
      if (text === this.reported) return;
      this.reported = text;
      this.api.setStateValue("view", view);
    }, REPORT_MS);
  }

  destroy() {
    clearTimeout(this.waiting);
    window.removeEventListener("keydown", this.outside);
    this.observer.disconnect();
    this.transport.destroy();
    this.files?.revoke();
    this.data = undefined;
  }
}

export default function (component) {
  const place = component.parentElement;
  let player = INSTANCES.get(place);
  if (!player) {
    player = new MatchmapPlayer(place.querySelector(".xm"));
    INSTANCES.set(place, player);
  }
  player.api = component;
  applyTheme(player.root);
  player.show(component.data);
  return () => {
    INSTANCES.get(place)?.destroy();
    INSTANCES.delete(place);
  };
}
