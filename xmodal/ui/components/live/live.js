// Speak and the picture lights up: microphone -> server -> light. States: idle, asking, live, problem.

const BUFFER_S = 3; // what the network hears at once
const TRAIL_S = 6;
const LATE_S = 1.5; // a round trip longer than this is said to be late
const PROBLEMS = {
  NotAllowedError: "The browser does not let this page use the microphone. Allow it beside the address, then start again; or choose Yours to give a recording.",
  NotFoundError: "No microphone was found. Connect one and start again; or choose Yours to give a recording.",
  NotReadableError: "The microphone is in use by another program. Close that and start again; or choose Yours to give a recording.",
  impossible: "This browser does not stream a microphone to this page (that needs https or localhost). Choose Yours to give a recording.",
  other: "The microphone cannot be opened. Choose Yours to give a recording.",
  lost: "The microphone was unplugged, or its permission taken back. Start again when it is there.",
  silentServer: "The server does not answer. Start again when it is back.",
};

class LiveView {
  constructor(root) {
    this.root = root;
    this.find = (selector) => root.querySelector(selector);
    this.settings = { mode: "spotlight", percentile: 80, wait: 0.4, smoothing: 0.25, opacity: 0.8 };
    this.light = new Light(this.find(".stage"));
    this.trail = new Trail(this.find(".trail"), TRAIL_S);
    this.heard = new Heard();
    this.root.drawn = { frames: 0, maps: 0, latency_s: null, trip_s: null };
    this.find(".go").onclick = () => this.toggle();
    for (const button of root.querySelectorAll(".modes button")) button.onclick = () => this.set("mode", button.dataset.mode);
    for (const name of ["threshold", "wait", "smoothing"]) this.find(`#${name}`).oninput = (event) => this.set(name === "threshold" ? "percentile" : name, Number(event.target.value));
    root.onkeydown = (event) => this.key(event);
    this.outside = (event) => { if (document.activeElement === document.body && !event.defaultPrevented) this.key(event); };
    this.away = (event) => { if (document.hidden || event.type === "pagehide") this.stop("Stopped, because the page was left."); };
    window.addEventListener("keydown", this.outside);
    window.addEventListener("pagehide", this.away);
    document.addEventListener("visibilitychange", this.away);
    this.observer = new ResizeObserver(() => this.trail.draw(null));
    this.observer.observe(root);
    this.refresh();
  }

  // Another picture: the microphone stays open, the light starts anew.
  show(data) {
    this.target = { address: data.address, token: data.token, picture: data.picture };
    this.sender?.aim(this.target);
    if (this.data?.picture === data.picture) { this.data = data; return; }
    const first = !this.data;
    this.data = data;
    this.colours = data.bytes.getChild("heat").get(0).slice();
    this.root.style.setProperty("--tone", `var(--xm-${data.heard})`);
    this.showPicture(data);
    [this.heard, this.shownUntil] = [new Heard(), -1];
    this.light.reset();
    if (!Microphone.possible) this.state("problem", PROBLEMS.impossible);
    else if (first) this.state("idle", this.invitation());
    this.refresh();
  }

  showPicture(data) {
    const image = this.find(".base");
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = URL.createObjectURL(new Blob([data.bytes.getChild("picture").get(0)], { type: "image/jpeg" }));
    image.onload = () => this.root.style.setProperty("--ratio", String(image.naturalWidth / image.naturalHeight));
    image.alt = data.alt;
    image.src = this.address;
    this.root.style.setProperty("--ratio", String(data.ratio));
    this.find(".stage").style.setProperty("--ratio", String(data.ratio));
  }

  invitation() { return this.data.heard === "speech" ? "Start, and say what is in the picture." : "Start, and let something sound that is in the picture."; }

  state(state, line) {
    this.root.dataset.state = state;
    if (this.find(".line").textContent !== line) this.find(".line").textContent = line;
    const on = state === "live" || state === "asking";
    this.find(".go").textContent = on ? "Stop" : "Start listening";
    this.find(".go").setAttribute("aria-pressed", String(on));
    this.find(".go").disabled = !Microphone.possible;
  }

  toggle() {
    if (this.microphone) this.stop(this.invitation());
    else this.start();
  }

  async start() {
    announce(this);
    this.state("asking", "Waiting for permission to use the microphone.");
    const microphone = new Microphone((samples) => this.block(samples), () => this.stop(PROBLEMS.lost, "problem"));
    this.microphone = microphone;
    this.begin();
    try {
      await microphone.open();
    } catch (error) {
      if (this.microphone === microphone) this.stop(PROBLEMS[error.name] ?? PROBLEMS.other, "problem");
      else microphone.close();
      return;
    }
    if (microphone.closed) return;
    this.state("live", "Listening");
    this.last = performance.now();
    this.request = requestAnimationFrame(() => this.frame());
  }

  begin() {
    [this.recent, this.origins, this.delays, this.shownUntil, this.pending] = [undefined, [], [], -1, null];
    this.heard = new Heard();
    this.sender = new Sender((map) => this.map(map), (status, line) => this.failed(status, line));
    this.sender.aim(this.target);
  }

  stop(line, state = "idle") {
    if (!this.microphone) return;
    cancelAnimationFrame(this.request);
    this.microphone.close();
    this.sender.stop();
    [this.microphone, this.sender] = [undefined, undefined];
    this.light.reset();
    this.trail.clear();
    this.level(-60);
    this.state(state, line);
  }

  // Twenty times a second. The clock of the sound is compared with the page's: the earliest of the last arrivals tells
  // best when a sample was heard, as the others waited for the page.
  block(samples) {
    const now = performance.now();
    this.recent ??= new Recent(this.microphone.rate, BUFFER_S);
    this.recent.add(samples);
    this.origins.push(now - 1000 * this.recent.seconds);
    if (this.origins.length > 40) this.origins.shift();
    const decibels = loudness(samples);
    this.trail.add(decibels, this.microphone.rate / samples.length);
    this.level(decibels);
    this.sender.offer(this.recent);
  }

  level(decibels) {
    const shown = Math.max(-60, Math.min(0, decibels));
    this.find(".meter i").style.transform = `scaleX(${(1 + shown / 60).toFixed(3)})`;
    this.find(".meter").setAttribute("aria-valuenow", shown.toFixed(0));
  }

  // Milliseconds from a moment of the sound until now; what the microphone itself needs is added where it is known.
  since(seconds) { return performance.now() - Math.min(...this.origins) - 1000 * seconds + this.microphone.delayMs; }

  map(map) {
    if (!this.microphone || map.picture !== this.data.picture) return;
    this.root.drawn.maps += 1;
    this.heard.add(map);
    this.trip = map;
    const late = map.tripMs > 1000 * LATE_S;
    this.state("live", late ? "The server is busy: the light comes late." : map.silent ? "Listening. Nothing is heard; speak up." : "Listening");
    if (map.silent) { this.light.quiet(); return; }
    const found = settled(map, this.settings.wait, this.shownUntil);
    if (!found) return;
    this.light.fit(map);
    this.light.aim(found.scores);
    if (found.seconds > this.shownUntil) this.pending = found.seconds;
    this.shownUntil = Math.max(this.shownUntil, found.seconds);
    this.look();
  }

  failed(status, line) {
    this.stop(status ? line : PROBLEMS.silentServer, "problem");
  }

  frame() {
    const now = performance.now();
    if (this.light.ease((now - this.last) / 1000, this.settings.smoothing) && !this.heard.empty) {
      this.light.draw(this.heard, this.table);
      this.root.drawn.frames += 1;
      if (this.pending !== null) this.measured();
    }
    this.last = now;
    this.trail.draw(this.shownUntil > 0 && this.light.heard ? this.since(this.shownUntil) / 1000 : null);
    this.request = requestAnimationFrame(() => this.frame());
  }

  // From the middle of the newest sound that the light stands for until it was drawn first.
  measured() {
    this.delays.push(this.since(this.pending) / 1000);
    this.pending = null;
    if (this.delays.length > 9) this.delays.shift();
    const middle = [...this.delays].sort((one, two) => one - two)[Math.floor(this.delays.length / 2)];
    Object.assign(this.root.drawn, { latency_s: middle, trip_s: this.trip.tripMs / 1000 });
    const server = `${Math.round(1000 * this.trip.took_s)} ms network, ${Math.round(this.trip.tripMs - 1000 * this.trip.took_s)} ms way`;
    this.find(".latency").textContent = `Sound to light ${middle.toFixed(2)} s (${this.settings.wait.toFixed(2)} s waiting for what follows, ${server})`;
  }

  set(name, value) {
    this.settings[name] = value;
    this.refresh();
  }

  // Colours of the levels: new with every map, as the range of scores follows what is heard.
  look() {
    if (this.heard.empty) return;
    const threshold = this.heard.level(this.heard.score(this.settings.percentile));
    this.table = colourTable({ ...this.settings, heat: this.colours }, threshold, this.heard.top);
    const pixels = Uint32Array.from({ length: 256 }, (_, level) => this.table[level * 4 + 2]);
    this.find(".scale canvas").getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), 256, 1), 0, 0);
    this.find(".scale i").style.left = `${(100 * threshold) / (LEVELS - 1)}%`;
    const digits = (score) => String(Number(score.toPrecision(3)));
    this.find(".scale .low").textContent = digits(this.heard.low);
    this.find(".scale .high").textContent = digits(this.heard.high);
  }

  refresh() {
    const { mode, percentile, wait, smoothing } = this.settings;
    this.root.dataset.mode = mode;
    for (const button of this.find(".modes").children) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    const write = (name, value, text) => {
      const input = this.find(`#${name}`);
      input.value = String(value);
      input.setAttribute("aria-valuetext", text);
      this.find(`.${name} .value`).textContent = text;
    };
    write("threshold", percentile, `${percentile} % of the last ${KEPT_S} s`);
    write("wait", wait, `${wait.toFixed(2)} s`);
    write("smoothing", smoothing, `${smoothing.toFixed(2)} s`);
    this.look();
  }

  // Space and M; buttons and sliders keep their own keys.
  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const button = event.target.tagName === "BUTTON";
    if (event.key === " " && !button && !this.find(".go").disabled) this.toggle();
    else if (event.key.toLowerCase() === "m") this.set("mode", this.settings.mode === "heat" ? "spotlight" : "heat");
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  destroy() {
    this.stop("");
    window.removeEventListener("keydown", this.outside);
    window.removeEventListener("pagehide", this.away);
    document.removeEventListener("visibilitychange", this.away);
    this.observer.disconnect();
    if (this.address) URL.revokeObjectURL(this.address);
  }
}

export default function (component) {
  const place = component.parentElement;
  let view = INSTANCES.get(place);
  if (!view) {
    view = new LiveView(place.querySelector(".xm"));
    INSTANCES.set(place, view);
  }
  applyTheme(view.root);
  view.show(component.data);
  return () => {
    INSTANCES.get(place)?.destroy();
    INSTANCES.delete(place);
  };
}
