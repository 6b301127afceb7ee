// A picture with its label map on demand. The map arrives as a PNG whose pixels are numbers (see views/mask.py):
// red = low byte of the class, blue = low byte of the instance, green = the upper four bits of each.
// Pointing at something names it; choosing it dims all else to 20 % and outlines it.

const MODES = [["off", "Picture"], ["class", "Classes"], ["instance", "Objects"]];
const DIMMED = 0.8;

class MaskView {
  constructor(root) {
    this.root = root;
    const find = (selector) => root.querySelector(selector);
    this.stage = find(".stage");
    this.photo = find(".photo");
    this.canvas = find("canvas");
    this.name = find(".name");
    this.legend = find(".legend");
    this.modes = find(".modes");
    this.strength = find("input");
    this.strength.oninput = () => this.draw();
    this.stage.onpointerenter = () => this.want();
    this.stage.onpointermove = (event) => this.point(event);
    this.stage.onpointerleave = () => { this.name.hidden = true; this.hover(undefined); };
    this.stage.onclick = (event) => this.choose(this.at(event));
    root.onkeydown = (event) => { if (event.key === "Escape" && this.chosen) { this.choose(undefined); event.stopPropagation(); } };
    this.modes.replaceChildren(...MODES.map(([mode, label]) => {
      const button = make("button", "", label);
      button.type = "button";
      button.dataset.mode = mode;
      button.onclick = () => this.setMode(mode);
      return button;
    }));
  }

  show(data) {
    this.data = data;
    this.map = this.chosen = this.hovered = this.asked = undefined;
    this.root.style.setProperty("--size", `${data.size_px}px`);
    this.root.style.setProperty("--ratio", data.ratio);
    this.photo.alt = data.alt;
    this.stage.classList.add("waiting");
    this.stage.classList.toggle("sized", data.ratio !== "auto");
    this.photo.onload = this.photo.onerror = () => this.stage.classList.remove("waiting");
    this.photo.src = data.picture;
    const none = !data.ids;
    this.root.querySelector(".bar").hidden = none;
    this.modes.lastChild.hidden = !data.instances.length;
    this.setMode(none ? "off" : data.mode);
  }

  // The map is fetched when somebody first points at the picture or asks for the masks.
  want() {
    if (!this.data.ids || this.asked === this.data.ids) return;
    this.asked = this.data.ids;
    this.load(this.data.ids);
  }

  async load(address) {
    const image = new Image();
    image.src = address;
    try { await image.decode(); } catch { this.root.querySelector(".bar").hidden = true; return; }
    if (this.data.ids !== address) return;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
    const count = pixels.length / 4;
    const map = { class: new Uint16Array(count), instance: new Uint16Array(count), width: canvas.width, height: canvas.height };
    for (let index = 0; index < count; index += 1) {
      const [red, green, blue] = [pixels[4 * index], pixels[4 * index + 1], pixels[4 * index + 2]];
      map.class[index] = red | ((green & 15) << 8);
      map.instance[index] = blue | ((green >> 4) << 8);
    }
    this.map = map;
    [this.canvas.width, this.canvas.height] = [map.width, map.height];
    this.draw();
  }

  setMode(mode) {
    this.mode = mode;
    if (mode !== "off") this.want();
    this.chosen = this.hovered = undefined;
    for (const button of this.modes.children) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    this.root.querySelector(".strength").hidden = mode === "off";
    this.legend.replaceChildren(...this.entries().map((entry) => this.entry(entry)));
    this.draw();
  }

  entries() { return this.mode === "off" ? [] : this.mode === "class" ? this.data.classes : this.data.instances; }

  entry(entry) {
    const button = make("button");
    button.type = "button";
    button.dataset.id = entry.id;
    button.setAttribute("aria-pressed", "false");
    const swatch = make("i");
    swatch.style.setProperty("--fill", entry.colour);
    button.append(swatch, entry.name, make("small", "", entry.share));
    button.onclick = () => this.choose(entry.id);
    button.onpointerenter = button.onfocus = () => this.hover(entry.id);
    button.onpointerleave = button.onblur = () => this.hover(undefined);
    return button;
  }

  at(event) {
    if (!this.map) return undefined;
    const box = this.stage.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * this.map.width);
    const row = Math.floor(((event.clientY - box.top) / box.height) * this.map.height);
    if (column < 0 || row < 0 || column >= this.map.width || row >= this.map.height) return undefined;
    return this.map[this.mode === "class" ? "class" : "instance"][row * this.map.width + column] || undefined;
  }

  point(event) {
    const id = this.at(event);
    const names = this.mode === "class" ? this.data.classes : this.data.instances;
    const found = names.find((entry) => entry.id === id);
    this.name.hidden = !found;
    if (found) {
      const box = this.stage.getBoundingClientRect();
      this.name.textContent = found.name;
      this.name.classList.toggle("left", event.clientX - box.left > 0.7 * box.width);
      this.name.style.setProperty("--x", `${event.clientX - box.left}px`);
      this.name.style.setProperty("--y", `${event.clientY - box.top}px`);
    }
    if (this.mode !== "off") this.hover(found?.id);
  }

  hover(id) {
    if (this.hovered === id) return;
    this.hovered = id;
    this.draw();
  }

  choose(id) {
    if (this.mode === "off") return;
    this.chosen = this.chosen === id ? undefined : id;
    for (const button of this.legend.children) button.setAttribute("aria-pressed", String(Number(button.dataset.id) === this.chosen));
    this.draw();
  }

  draw() {
    if (!this.map) return;
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (this.mode === "off") return;
    const focus = this.hovered ?? this.chosen;
    const pixels = context.createImageData(this.map.width, this.map.height);
    if (focus === undefined) this.fill(pixels.data); else this.spotlight(pixels.data, focus);
    context.putImageData(pixels, 0, 0);
  }

  fill(pixels) {
    const ids = this.map[this.mode];
    const alpha = Math.round(255 * this.strength.value);
    const colours = new Map(this.entries().map((entry) => [entry.id, Number.parseInt(entry.colour.slice(1), 16)]));
    for (let index = 0; index < ids.length; index += 1) {
      const colour = colours.get(ids[index]);
      if (colour === undefined) continue;
      pixels[4 * index] = colour >> 16;
      pixels[4 * index + 1] = (colour >> 8) & 255;
      pixels[4 * index + 2] = colour & 255;
      pixels[4 * index + 3] = alpha;
    }
  }

  spotlight(pixels, focus) {
    const ids = this.map[this.mode];
    const { width, height } = this.map;
    for (let index = 0; index < ids.length; index += 1) {
      if (ids[index] !== focus) { pixels[4 * index + 3] = 255 * DIMMED; continue; }
      const column = index % width;
      const edge = (column > 0 && ids[index - 1] !== focus) || (column < width - 1 && ids[index + 1] !== focus)
        || (index >= width && ids[index - width] !== focus) || (index < width * (height - 1) && ids[index + width] !== focus);
      if (edge) pixels.fill(255, 4 * index, 4 * index + 4);
    }
  }

  destroy() {}
}

export default function (component) { return mount(component, MaskView); }
