// Names and values, in two columns.

class FactsList {
  constructor(root) { this.root = root; }
  show(data) {
    this.root.querySelector("dl").replaceChildren(...data.facts.flatMap((fact) => [
      make("dt", "", fact.name), make("dd", fact.code ? "code" : "", fact.value),
    ]));
  }
  destroy() {}
}

export default function (component) { return mount(component, FactsList); }
