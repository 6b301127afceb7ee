// Copies the page's own address: every view has one that restores it.

class CopyButton {
  constructor(root) {
    this.root = root;
    this.button = root.querySelector("button");
    this.button.onclick = () => this.copy();
  }
  show(data) { this.data = data; this.button.textContent = data.label; }
  async copy() {
    let done = true;
    try { await navigator.clipboard.writeText(window.location.href); } catch { done = false; }
    this.button.textContent = done ? this.data.done : this.data.failed;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.button.textContent = this.data.label; }, 2000);
  }
  destroy() { clearTimeout(this.timer); }
}

export default function (component) { return mount(component, CopyButton); }
