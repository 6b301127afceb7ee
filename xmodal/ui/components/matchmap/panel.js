// One picture with one map over it: drawing, and choosing a place by pointer or keys.

const TAP_PX = 5; // a shorter movement is a click
const TOP_PERCENT = 99; // fully lit: from halfway between this percentile and the highest score

class Panel {
  // `events`: choose(place or null), solo()
  constructor(map, number, events) {
    this.map = map;
    this.events = events;
    this.grid = new Float32Array(map.rows * map.cols);
    this.enlarger = new Enlarger(map.rows, map.cols);
    this.root = make("figure", "panel");
    this.caption = make("figcaption");
    this.name = make("button", "name");
    this.name.type = "button";
    this.name.append(make("kbd", "", String(number)), make("span", "", map.name));
    this.name.title = `Show ${map.name} alone`;
    this.name.onclick = () => events.solo();
    this.frozen = make("span", "frozen");
    this.caption.append(this.name, this.frozen);
    this.stage = this.makeStage();
    this.root.append(this.caption, this.stage);
  }

  makeStage() {
    const stage = make("div", "stage");
    stage.tabIndex = 0;
    stage.setAttribute("role", "application");
    this.light = make("canvas", "light");
    [this.light.width, this.light.height] = [this.enlarger.width, this.enlarger.height];
    this.context = this.light.getContext("2d");
    this.covered = make("div", "covered");
    const [left, top, width, height] = this.map.cover;
    this.position(this.covered, this.map.cover);
    this.covered.classList.toggle("part", left > 0 || top > 0 || width < 1 || height < 1);
    this.covered.append(this.light);
    this.edges = make("canvas", "edges");
    this.box = make("div", "box");
    this.cursor = make("div", "cursor");
    this.box.hidden = this.cursor.hidden = true;
    stage.append(this.covered, this.edges, this.box, this.cursor);
    stage.onpointerdown = (event) => this.press(event);
    stage.onpointermove = (event) => this.drag(event);
    stage.onpointerup = (event) => this.lift(event);
    stage.onpointercancel = () => { this.from = undefined; };
    stage.onkeydown = (event) => this.key(event);
    stage.onblur = () => { this.cursor.hidden = true; };
    return stage;
  }

  // The picture itself: an image, or a canvas that the moving pictures are drawn on.
  show(picture, alt, ratio) {
    this.video = picture instanceof HTMLVideoElement ? picture : undefined;
    const base = make(this.video ? "canvas" : "img", "base");
    if (this.video) {
      [base.width, base.height] = [picture.videoWidth || 1, picture.videoHeight || 1];
      this.baseContext = base.getContext("2d");
    } else {
      base.alt = alt;
      base.draggable = false;
      base.src = picture;
    }
    this.base = base;
    this.root.style.setProperty("--ratio", String(ratio));
    this.stage.ariaLabel = `${alt}, ${this.map.name}. Arrow keys move to a cell, Enter asks when it is spoken about.`;
    this.stage.prepend(base);
  }

  position(element, [left, top, width, height]) {
    const percent = (share) => `${100 * share}%`;
    Object.assign(element.style, { left: percent(left), top: percent(top), width: percent(width), height: percent(height) });
  }

  // Threshold and strength -> a table of colours, made once per change.
  setLook(look) {
    const threshold = look.unit === "score" ? levelOf(this.map, look.score) : this.map.percentiles[look.percentile];
    this.table = colourTable(look, threshold, (this.map.percentiles[TOP_PERCENT] + this.map.percentiles[100]) / 2);
    this.threshold = threshold;
    this.stage.style.setProperty("--outside", look.mode === "spotlight" ? String(look.opacity) : "0");
  }

  draw(seconds, stretch) {
    if (this.video?.readyState >= 2) {
      if (this.base.width !== this.video.videoWidth) [this.base.width, this.base.height] = [this.video.videoWidth, this.video.videoHeight];
      this.baseContext.drawImage(this.video, 0, 0);
    }
    if (!stretch) gridAt(this.map, seconds, this.grid);
    else if (this.held !== stretch) gridOver(this.map, stretch, this.grid);
    this.held = stretch;
    this.enlarger.paint(this.grid, this.table, this.context);
  }

  note(text) { this.frozen.textContent = text; }

  // Outlines of the things, those of the current word strong and named.
  outline(truth, names, strong) {
    const box = this.stage.getBoundingClientRect();
    const scale = Math.min(2, window.devicePixelRatio || 1);
    [this.edges.width, this.edges.height] = truth ? [Math.round(box.width * scale), Math.round(box.height * scale)] : [1, 1];
    if (!truth || !box.width) return;
    const context = this.edges.getContext("2d");
    const [across, down] = [this.edges.width / truth.width, this.edges.height / truth.height];
    truth.things.forEach((thing, index) => {
      const named = strong.includes(index + 1);
      context.save();
      context.scale(across, down);
      for (const [colour, width] of [["rgb(0 0 0 / 75%)", named ? 5 : 2.5], [named ? "#fff" : "rgb(255 255 255 / 70%)", named ? 2.5 : 1]]) {
        context.strokeStyle = colour;
        context.lineWidth = (width * scale) / across;
        context.stroke(thing.path);
      }
      context.restore();
      if (named && thing.pixels) this.label(context, names[index], thing.at[0] * across, thing.at[1] * down, scale);
    });
  }

  label(context, text, x, y, scale) {
    context.font = `600 ${13 * scale}px sans-serif`;
    const width = context.measureText(text).width + 12 * scale;
    const left = Math.max(0, Math.min(this.edges.width - width, x - width / 2));
    const top = Math.max(0, y - 24 * scale);
    context.fillStyle = "rgb(0 0 0 / 82%)";
    context.fillRect(left, top, width, 20 * scale);
    context.fillStyle = "#fff";
    context.fillText(text, left + 6 * scale, top + 14.5 * scale);
  }

  setPlace(place) {
    this.box.hidden = !place;
    if (place) this.position(this.box, place);
  }

  at(event) {
    const box = this.stage.getBoundingClientRect();
    const within = (share) => Math.max(0, Math.min(0.9999, share));
    return [within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)];
  }

  press(event) {
    if (event.button !== 0) return;
    this.from = { point: this.at(event), x: event.clientX, y: event.clientY };
    this.stage.setPointerCapture(event.pointerId);
  }

  drag(event) {
    if (!this.from) return;
    this.setPlace(this.between(event));
  }

  between(event) {
    const still = Math.hypot(event.clientX - this.from.x, event.clientY - this.from.y) < TAP_PX;
    return placeBetween(this.map, this.from.point, still ? this.from.point : this.at(event));
  }

  lift(event) {
    if (!this.from) return;
    const place = this.between(event);
    this.from = undefined;
    this.events.choose(place);
  }

  // Arrow keys move a cell cursor, Enter chooses it; everything else is the player's.
  key(event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.ctrlKey || event.altKey || event.metaKey || !(way || event.key === "Enter")) return;
    const middle = [Math.floor(this.map.cols / 2), Math.floor(this.map.rows / 2)];
    const [col, row] = this.cell ?? middle;
    if (way && this.cell) this.cell = [Math.max(0, Math.min(this.map.cols - 1, col + way[0])), Math.max(0, Math.min(this.map.rows - 1, row + way[1]))];
    else this.cell = [col, row];
    const [left, top, width, height] = this.map.cover;
    const place = [left + (this.cell[0] / this.map.cols) * width, top + (this.cell[1] / this.map.rows) * height, width / this.map.cols, height / this.map.rows];
    this.cursor.hidden = false;
    this.position(this.cursor, place);
    if (event.key === "Enter") this.events.choose(place);
    event.preventDefault();
    event.stopPropagation();
  }
}
