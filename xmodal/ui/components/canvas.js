// Paper to draw on with a pen, or to place words on. What is on it is told once a gesture has ended, as numbers and words;
// positions and sizes are shares of the paper.

const PEN = 0.009, RUBBER = 0.05, MOST_STROKES = 400, MOST_POINTS = 400, MOST_WORDS = 40;
const STEP = 0.02, LETTER = 0.09, LETTERS = [0.03, 0.18];
const HINTS = {
  draw: "Draw with mouse, finger or pen.",
  layout: "Write a word and press Enter; drag it, or move it with the arrow keys. + and - change its size, Delete removes it.",
};
const within = (value, low, high) => Math.min(high, Math.max(low, value));
const short = (value) => Math.round(value * 1e4) / 1e4;

class Canvas {
  constructor(root) {
    this.root = root;
    this.paper = root.querySelector("canvas");
    this.context = this.paper.getContext("2d");
    this.words = root.querySelector(".words");
    Object.assign(this, { things: [], undone: [], erasing: false });
    this.paper.onpointerdown = (event) => this.begin(event);
    this.paper.onpointermove = (event) => this.draw(event);
    this.paper.onpointerup = this.paper.onpointercancel = () => this.end();
    const on = (name, act) => { root.querySelector(name).onclick = act; };
    on(".pen", () => this.take(false));
    on(".eraser", () => this.take(true));
    on(".undo", () => this.step(this.things, this.undone));
    on(".redo", () => this.step(this.undone, this.things));
    on(".clear", () => { this.things = []; this.undone = []; this.changed(); });
    root.querySelector(".add").onsubmit = (event) => { event.preventDefault(); this.add(); };
  }

  show(data) {
    this.root.style.setProperty("--tone", `var(--xm-${data.modality})`);
    if (this.mode === data.mode) return; // what is on the paper is newer than what the server knows
    this.mode = data.mode;
    this.root.classList.toggle("layout", data.mode === "layout");
    this.root.querySelector(".pens").hidden = data.mode === "layout";
    this.root.querySelector(".add").hidden = data.mode === "draw";
    this.root.querySelector(".hint").textContent = HINTS[data.mode];
    this.paper.ariaLabel = data.label;
    this.things = data.things ?? [];
    this.paint();
  }

  take(erasing) {
    this.erasing = erasing;
    this.root.querySelector(".pen").ariaPressed = String(!erasing);
    this.root.querySelector(".eraser").ariaPressed = String(erasing);
  }

  at(event) {
    const box = this.paper.getBoundingClientRect();
    return [short(within((event.clientX - box.left) / box.width, 0, 1)), short(within((event.clientY - box.top) / box.height, 0, 1))];
  }

  begin(event) {
    if (this.mode !== "draw" || this.things.length >= MOST_STROKES) return;
    this.paper.setPointerCapture(event.pointerId);
    this.stroke = { width: this.erasing ? RUBBER : PEN, erases: this.erasing, points: [this.at(event)] };
    this.things.push(this.stroke);
    this.undone = [];
    this.paint();
  }

  draw(event) {
    if (!this.stroke || this.stroke.points.length >= MOST_POINTS) return;
    const [x, y] = this.at(event), [left, top] = this.stroke.points.at(-1);
    if (Math.hypot(x - left, y - top) < 0.004) return;
    this.stroke.points.push([x, y]);
    this.paint();
  }

  end() {
    if (!this.stroke) return;
    this.stroke = undefined;
    this.changed();
  }

  add() {
    const field = this.root.querySelector(".word"), name = field.value.trim();
    if (!name || this.things.length >= MOST_WORDS) return;
    field.value = "";
    this.things.push({ name, x: 0.5, y: short(0.15 + (0.14 * this.things.length) % 0.7), size: LETTER });
    this.undone = [];
    this.changed();
  }

  step(from, to) {
    if (!from.length) return;
    to.push(from.pop());
    this.changed();
  }

  changed() {
    this.paint();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.api.setStateValue("drawn", { mode: this.mode, things: this.things }), 250);
  }

  paint() {
    const side = this.paper.width;
    this.context.fillStyle = "#fff";
    this.context.fillRect(0, 0, side, side);
    this.context.lineCap = this.context.lineJoin = "round";
    if (this.mode === "draw") for (const stroke of this.things) this.line(stroke, side);
    this.words.replaceChildren(...(this.mode === "layout" ? this.things.map((word) => this.button(word)) : []));
    this.root.querySelector(".undo").disabled = this.root.querySelector(".clear").disabled = !this.things.length;
    this.root.querySelector(".redo").disabled = !this.undone.length;
  }

  line(stroke, side) {
    this.context.strokeStyle = stroke.erases ? "#fff" : "#1e1e1e";
    this.context.lineWidth = stroke.width * side;
    this.context.beginPath();
    stroke.points.forEach(([x, y], place) => this.context[place ? "lineTo" : "moveTo"](x * side, y * side));
    if (stroke.points.length === 1) this.context.lineTo(stroke.points[0][0] * side + 0.1, stroke.points[0][1] * side);
    this.context.stroke();
  }

  button(word) {
    const element = make("button", "", word.name);
    element.type = "button";
    const put = () => { element.style.cssText = `left:${100 * word.x}%;top:${100 * word.y}%;font-size:${100 * word.size}cqw`; };
    put();
    element.onpointerdown = (event) => { element.setPointerCapture(event.pointerId); this.held = word; };
    element.onpointermove = (event) => { if (this.held === word) { [word.x, word.y] = this.at(event); put(); } };
    element.onpointerup = element.onpointercancel = () => { if (this.held === word) { this.held = undefined; this.changed(); this.focus(word); } };
    element.onkeydown = (event) => this.key(event, word);
    return element;
  }

  key(event, word) {
    const [right, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    const bigger = { "+": 1.15, "=": 1.15, "-": 1 / 1.15 }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") this.things = this.things.filter((each) => each !== word);
    else if (bigger) word.size = short(within(word.size * bigger, ...LETTERS));
    else if (right || down) Object.assign(word, { x: short(within(word.x + right * STEP, 0, 1)), y: short(within(word.y + down * STEP, 0, 1)) });
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.changed();
    this.focus(word);
  }

  focus(word) { (this.words.children[this.things.indexOf(word)] ?? this.root.querySelector(".word")).focus(); }

  destroy() { clearTimeout(this.timer); }
}

export default function (component) { return mount(component, Canvas); }
