// Sliders and toggles: they change `settings` and say what changed; the player decides what follows.

const MODES = ["spotlight", "heat"];
const SPEEDS = [[0.5, "0.5×"], [0.75, "0.75×"], [1, "1×"], [1.25, "1.25×"], [1.5, "1.5×"], [2, "2×"]];
const WORD_SPEEDS = [[0.5, "0.5 words/s"], [1, "1 word/s"], [2, "2 words/s"], [3, "3 words/s"], [4, "4 words/s"]];
const TOGGLES = ["compare", "loop", "brush", "truth"];

// Three digits; next to nothing on a scale of `span` is nothing.
function digits(value, span = 0) {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) < span / 1000) return "0";
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

class Controls {
  // `changed(name, last)`: `last` is false while a slider is being dragged.
  constructor(root, settings, changed) {
    this.root = root;
    this.settings = settings;
    this.changed = changed;
    this.find = (selector) => root.querySelector(selector);
    for (const button of root.querySelectorAll(".modes button")) button.onclick = () => this.set("mode", button.dataset.mode);
    for (const button of root.querySelectorAll(".units button")) button.onclick = () => this.setUnit(button.dataset.unit);
    for (const name of TOGGLES) this.find(`.toggle.${name}`).onclick = () => this.set(name, !settings[name]);
    this.slider("threshold", (value) => this.setThreshold(value));
    this.slider("opacity", (value) => { settings.opacity = value / 100; });
    this.slider("offset", (value) => { settings.offset_ms = value; });
    this.speed = this.find(".speed select");
    this.speed.onchange = () => this.set("speed", Number(this.speed.value));
  }

  slider(name, take) {
    const input = this.find(`#${name}`);
    const use = (last) => { take(Number(input.value)); this.changed(name, last); this.refresh(); };
    input.oninput = () => use(false);
    input.onchange = () => use(true);
  }

  set(name, value) {
    this.settings[name] = value;
    this.changed(name, true);
    this.refresh();
  }

  nextMode() { this.set("mode", MODES[(MODES.indexOf(this.settings.mode) + 1) % MODES.length]); }

  // Both units name one threshold of the chosen map; changing the unit keeps the picture as it is.
  setThreshold(value) {
    this.settings[this.settings.unit] = value;
    this.follow();
  }

  setUnit(unit) {
    this.settings.unit = unit;
    this.changed("threshold", true);
    this.refresh();
  }

  follow() {
    const { settings, map } = this;
    if (settings.unit === "percentile") settings.score = scoreOf(map, map.percentiles[settings.percentile]);
    else settings.percentile = percentOf(map, levelOf(map, settings.score));
  }

  // `maps`: all, for one common score range; `map`: the chosen one.
  show(maps, map, { text, truth }) {
    [this.maps, this.map] = [maps, map];
    this.low = Math.min(...maps.map((one) => one.low));
    this.high = Math.max(...maps.map((one) => one.high));
    const speeds = text ? WORD_SPEEDS : SPEEDS;
    if (this.speeds !== speeds) {
      this.speeds = speeds;
      this.speed.replaceChildren(...speeds.map(([value, label]) => Object.assign(make("option", "", label), { value })));
    }
    this.find(".control.offset").hidden = text;
    this.find(".toggle.truth").hidden = !truth;
    this.find(".toggle.compare").hidden = this.find(".maps").hidden = maps.length < 2;
    const buttons = maps.map((one, index) => {
      const button = make("button", "", one.name);
      button.type = "button";
      button.title = `Show ${one.name}${index < 4 ? ` (${index + 1})` : ""}`;
      button.onclick = () => this.set("map", index);
      return button;
    });
    this.find(".maps").replaceChildren(...buttons);
    this.follow();
    this.refresh();
  }

  choose(map) {
    this.map = map;
    this.follow();
  }

  refresh() {
    const { settings, find } = this;
    const press = (button, on) => button.setAttribute("aria-pressed", String(on));
    for (const name of TOGGLES) press(find(`.toggle.${name}`), settings[name]);
    for (const button of find(".modes").children) press(button, button.dataset.mode === settings.mode);
    for (const button of find(".units").children) press(button, button.dataset.unit === settings.unit);
    [...find(".maps").children].forEach((button, index) => press(button, index === settings.map));
    this.speed.value = String(settings.speed);
    const threshold = find("#threshold");
    const score = settings.unit === "score";
    Object.assign(threshold, score ? { min: this.low, max: this.high, step: (this.high - this.low) / 200 || 1 } : { min: 0, max: 100, step: 1 });
    threshold.value = String(settings[settings.unit]);
    const said = [`${digits(settings.percentile)} %`, `score ${digits(settings.score, this.high - this.low)}`];
    this.write("threshold", (score ? said.reverse() : said).join(" = "));
    find("#opacity").value = String(Math.round(100 * settings.opacity));
    this.write("opacity", `${Math.round(100 * settings.opacity)} %`);
    find("#offset").value = String(settings.offset_ms);
    this.write("offset", `${settings.offset_ms} ms`);
  }

  write(name, text) {
    this.find(`#${name}`).setAttribute("aria-valuetext", text);
    this.find(`.${name} .value`).textContent = text;
  }

  // The colour bar: what each score of the chosen map looks like, and where the threshold is.
  scale(table, threshold) {
    const context = this.find(".scale canvas").getContext("2d");
    const pixels = new Uint32Array(256);
    for (let level = 0; level < 256; level += 1) pixels[level] = table[level * 4 + 2];
    context.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), 256, 1), 0, 0);
    this.find(".scale i").style.left = `${(100 * Math.min(255, threshold)) / 255}%`;
    this.find(".scale .low").textContent = digits(this.map.low, this.map.high - this.map.low);
    this.find(".scale .high").textContent = digits(this.map.high, this.map.high - this.map.low);
  }
}
