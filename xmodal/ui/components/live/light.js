// The light on the picture: it goes towards the newest map at the chosen pace, and fades where nothing is heard.

class Light {
  constructor(stage) {
    this.canvas = stage.querySelector(".light");
    this.covered = stage.querySelector(".covered");
    this.context = this.canvas.getContext("2d");
    this.reset();
  }

  reset() {
    this.target = this.now = null;
    this.presence = 0;
    this.heard = false;
    this.canvas.style.opacity = "0";
  }

  // Cells as fractions of the picture; another grid starts from nothing.
  fit({ rows, cols, cover: [left, top, width, height] }) {
    if (this.enlarger?.rows === rows && this.enlarger.cols === cols && this.now) return;
    this.enlarger = new Enlarger(rows, cols);
    [this.canvas.width, this.canvas.height] = [this.enlarger.width, this.enlarger.height];
    const percent = (share) => `${100 * share}%`;
    Object.assign(this.covered.style, { left: percent(left), top: percent(top), width: percent(width), height: percent(height) });
    this.grid = new Float32Array(rows * cols);
    this.now = null;
  }

  aim(scores) {
    this.target = scores;
    this.now ??= scores.slice();
    this.heard = true;
  }

  quiet() { this.heard = false; }

  // One step of `seconds`; false when there is nothing to draw.
  ease(seconds, smoothing) {
    const share = smoothing > 0 ? 1 - Math.exp(-seconds / smoothing) : 1;
    const fade = 1 - Math.exp(-seconds / Math.max(0.15, smoothing));
    this.presence += ((this.heard ? 1 : 0) - this.presence) * fade;
    if (!this.now) return false;
    for (let cell = 0; cell < this.now.length; cell += 1) this.now[cell] += (this.target[cell] - this.now[cell]) * share;
    return true;
  }

  draw(heard, table) {
    for (let cell = 0; cell < this.now.length; cell += 1) this.grid[cell] = heard.level(this.now[cell]);
    this.enlarger.paint(this.grid, table, this.context);
    this.canvas.style.opacity = this.presence.toFixed(3);
  }
}

// The last seconds of loudness as bars, the newest at the right, and where in them the light is.
class Trail {
  constructor(canvas, seconds) {
    this.canvas = canvas;
    this.seconds = seconds;
    this.levels = [];
  }

  add(decibels, blocks) {
    this.levels.push(decibels);
    if (this.levels.length > this.seconds * blocks) this.levels.shift();
    this.blocks = blocks;
  }

  clear() {
    this.levels = [];
    this.draw(null);
  }

  // `behind`: seconds between the newest sound and the one that the light stands for
  draw(behind) {
    const scale = Math.min(2, window.devicePixelRatio || 1);
    const [width, height] = [this.canvas.clientWidth * scale, this.canvas.clientHeight * scale].map(Math.round);
    if (this.canvas.width !== width || this.canvas.height !== height) [this.canvas.width, this.canvas.height] = [width, height];
    const context = this.canvas.getContext("2d");
    const style = getComputedStyle(this.canvas);
    context.clearRect(0, 0, width, height);
    const step = width / (this.seconds * (this.blocks ?? 20));
    context.fillStyle = style.color;
    this.levels.forEach((decibels, index) => {
      const share = Math.max(0.03, Math.min(1, (decibels + 60) / 55));
      context.fillRect(width - (this.levels.length - index) * step, (height * (1 - share)) / 2, Math.max(1, step - scale), height * share);
    });
    if (behind === null) return;
    context.fillStyle = style.getPropertyValue("--ink");
    context.fillRect(Math.round(width * (1 - behind / this.seconds)) - scale, 0, 2 * scale, height);
  }
}
