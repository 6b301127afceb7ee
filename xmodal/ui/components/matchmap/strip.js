// The sound as a strip: spectrogram, playhead, scrubbing, a brushed stretch, and the curve of a chosen place.

const SHORTEST_S = 0.02; // a shorter brush clears

class Strip {
  // `events`: scrub(seconds, last), brush(stretch or null, last)
  constructor(root, events) {
    this.root = root;
    this.events = events;
    this.image = root.querySelector("img");
    this.canvas = root.querySelector("canvas");
    this.playhead = root.querySelector(".playhead");
    this.band = root.querySelector(".band");
    this.brushing = false;
    this.curves = [];
    root.onpointerdown = (event) => this.press(event);
    root.onpointermove = (event) => this.move(event, false);
    root.onpointerup = (event) => this.move(event, true);
    root.onpointercancel = () => { this.from = undefined; };
  }

  show({ spectrogram, spectrogram_s: length, duration_s: duration, label, unit }) {
    this.duration = duration;
    this.unit = unit;
    this.image.hidden = !spectrogram;
    if (spectrogram) this.image.src = spectrogram;
    this.image.style.width = `${(100 * (length || duration)) / duration}%`;
    this.image.alt = `Spectrogram of the ${label}`;
    this.root.ariaLabel = `Position in the ${label}`;
    this.root.setAttribute("aria-valuemax", duration.toFixed(2));
    this.setStretch(null);
    this.setCurves([]);
    this.shown = undefined;
  }

  // Cheap enough for every frame: one style, and the value for readers ten times a second.
  setTime(seconds) {
    this.playhead.style.transform = `translateX(${(100 * Math.max(0, Math.min(this.duration, seconds))) / this.duration}%)`;
    const rounded = seconds.toFixed(1);
    if (rounded === this.shown) return;
    this.shown = rounded;
    this.root.setAttribute("aria-valuenow", rounded);
    this.root.setAttribute("aria-valuetext", this.unit === "words" ? `word ${Math.floor(seconds) + 1}` : `${rounded} seconds`);
  }

  setStretch(stretch) {
    this.band.hidden = !stretch;
    if (!stretch) return;
    this.band.style.left = `${(100 * stretch[0]) / this.duration}%`;
    this.band.style.width = `${(100 * (stretch[1] - stretch[0])) / this.duration}%`;
  }

  // `curves`: {map, values, peak, main, quiet}; the main one is a full line with its peak marked.
  setCurves(curves) {
    this.curves = curves;
    this.draw();
  }

  draw() {
    const scale = Math.min(2, window.devicePixelRatio || 1);
    const box = this.canvas.getBoundingClientRect();
    if (!box.width || !this.duration) return;
    [this.canvas.width, this.canvas.height] = [Math.round(box.width * scale), Math.round(box.height * scale)];
    const context = this.canvas.getContext("2d");
    this.seconds(context, scale);
    const ordered = [...this.curves].sort((one, two) => Number(one.main) - Number(two.main));
    for (const curve of ordered) { if (curve.quiet && curve.map.stepwise) this.bars(context, curve); else this.curve(context, curve, scale); }
  }

  seconds(context, scale) {
    const every = this.unit === "words" ? 1 : [0.5, 1, 2, 5, 10, 30, 60, 120].find((step) => this.duration / step <= 16) ?? 300;
    context.fillStyle = "rgb(255 255 255 / 45%)";
    for (let at = every; at < this.duration; at += every) {
      context.fillRect(Math.round((at / this.duration) * this.canvas.width), 0, scale, 5 * scale);
    }
  }

  // Words instead of sound: one bar each, as high as the best match of that word.
  bars(context, { map, values }) {
    const { width, height } = this.canvas;
    context.fillStyle = getComputedStyle(this.root).getPropertyValue("border-left-color");
    context.globalAlpha = 0.45;
    values.forEach((level, frame) => {
      const from = ((map.first + (frame - 0.5) * map.step) / this.duration) * width;
      const share = (level / (LEVELS - 1)) * 0.85;
      context.fillRect(from + 1, height * (1 - share), (map.step / this.duration) * width - 2, height * share);
    });
    context.globalAlpha = 1;
  }

  curve(context, { map, values, peak, main, quiet }, scale) {
    const { width, height } = this.canvas;
    const x = (seconds) => (seconds / this.duration) * width;
    const y = (level) => height - 3 * scale - (level / (LEVELS - 1)) * (height - 10 * scale);
    const trace = () => {
      context.beginPath();
      if (values.length === 1) { context.moveTo(0, y(values[0])); context.lineTo(width, y(values[0])); return; }
      values.forEach((level, frame) => {
        const at = map.first + frame * map.step;
        if (map.stepwise) context.lineTo(x(at - map.step / 2), y(level));
        context.lineTo(x(map.stepwise ? at + map.step / 2 : at), y(level));
      });
    };
    context.setLineDash(main || quiet ? [] : [4 * scale, 4 * scale]);
    const lines = main ? [["rgb(0 0 0 / 80%)", 5], ["#fff", 2]] : [["rgb(255 255 255 / 60%)", 1]];
    for (const [colour, line] of lines) {
      trace();
      context.lineWidth = line * scale;
      context.strokeStyle = colour;
      context.stroke();
    }
    if (!main || !peak || values.length === 1) return;
    context.beginPath();
    context.arc(x(peak.seconds), y(levelOf(map, peak.score)), 4.5 * scale, 0, 2 * Math.PI);
    context.fillStyle = "#fff";
    context.fill();
    context.lineWidth = 2 * scale;
    context.strokeStyle = "#000";
    context.stroke();
  }

  at(event) {
    const box = this.root.getBoundingClientRect();
    const left = box.left + this.root.clientLeft;
    return Math.max(0, Math.min(1, (event.clientX - left) / this.root.clientWidth)) * this.duration;
  }

  press(event) {
    if (event.button !== 0) return;
    this.root.setPointerCapture(event.pointerId);
    this.brush = this.brushing || event.shiftKey;
    this.from = this.at(event);
    this.move(event, false);
  }

  move(event, last) {
    if (this.from === undefined) return;
    const here = this.at(event);
    const ordered = this.from < here ? [this.from, here] : [here, this.from];
    if (!this.brush) this.events.scrub(here, last);
    else this.events.brush(ordered[1] - ordered[0] >= SHORTEST_S ? ordered : null, last);
    if (last) this.from = undefined;
  }
}
