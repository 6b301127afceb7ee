// Words as they are: nothing in them is markup.

class TextCard {
  constructor(root) { this.root = root; }
  show(data) {
    this.root.style.setProperty("--tone", `var(--xm-${data.modality})`);
    this.root.querySelector(".mark").textContent = data.marker;
    this.root.querySelector("strong").textContent = data.modality_name;
    this.root.querySelector(".body").replaceChildren(...data.texts.map((text) => make("p", "", text)));
  }
  destroy() {}
}

export default function (component) { return mount(component, TextCard); }
