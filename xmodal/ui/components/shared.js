// What every component here needs: one clip at a time on the page, times as m:ss, the theme, safe elements.
// Text from data goes through textContent only.

const INSTANCES = new WeakMap();
const TAKES_OVER = "xmodal-playing";

function clock(seconds) {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function brightness(colour) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = colour;
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}

// The app's theme need not be the system's: it is read from the page's own background.
function applyTheme(root) {
  const background = getComputedStyle(root).getPropertyValue("--st-background-color").trim() || "#ffffff";
  root.dataset.theme = brightness(background) < 0.5 ? "dark" : "light";
}

// One audio element; `onframe(time_s, duration_s)` is called on every drawn frame while it plays, and on every seek.
class Playback {
  constructor(onframe, onstate) {
    this.audio = new Audio();
    this.audio.preload = "metadata";
    this.onframe = onframe;
    this.onstate = onstate;
    this.loop = () => {
      this.draw();
      if (!this.audio.paused) requestAnimationFrame(this.loop);
    };
    this.audio.onplay = () => { announce(this); this.onstate("playing"); requestAnimationFrame(this.loop); };
    this.audio.onpause = () => { this.draw(); this.onstate("paused"); };
    this.audio.onended = () => { this.audio.currentTime = 0; this.draw(); this.onstate("paused"); };
    this.audio.onseeked = this.audio.onloadedmetadata = () => this.draw();
    this.audio.onerror = () => { if (this.audio.getAttribute("src")) this.onstate("broken"); };
    this.yield = (event) => { if (event.detail !== this) this.audio.pause(); };
    window.addEventListener(TAKES_OVER, this.yield);
  }
  get playing() { return !this.audio.paused; }
  draw() { this.onframe(this.audio.currentTime || 0, this.audio.duration || 0); }
  load(address) {
    if (this.address === address) return;
    this.address = address;
    this.audio.src = address;
  }
  // Not broken: it was stopped before it began, or the browser wants a click before anything sounds.
  play() { return this.audio.play().catch((error) => this.onstate(["AbortError", "NotAllowedError"].includes(error.name) ? "paused" : "broken")); }
  toggle() { if (this.playing) this.audio.pause(); else this.play(); }
  seek(seconds) { this.audio.currentTime = Math.max(0, Math.min(seconds, (this.audio.duration || seconds) - 0.001)); this.draw(); }
  destroy() {
    window.removeEventListener(TAKES_OVER, this.yield);
    this.audio.pause();
    this.audio.onerror = null;
    this.audio.removeAttribute("src");
    this.address = undefined;
  }
}

function announce(who) {
  window.dispatchEvent(new CustomEvent(TAKES_OVER, { detail: who }));
}

// Streamlit calls the default export again on every change of data or theme; the view is made once per place.
function mount(component, View) {
  const place = component.parentElement;
  let view = INSTANCES.get(place);
  if (!view) {
    view = new View(place.querySelector(".xm"));
    INSTANCES.set(place, view);
  }
  view.api = component;
  applyTheme(view.root);
  const text = JSON.stringify(component.data);
  if (view.text !== text) {
    view.text = text;
    view.show(component.data);
  }
  return () => {
    INSTANCES.get(place)?.destroy();
    INSTANCES.delete(place);
  };
}
