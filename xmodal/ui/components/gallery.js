// A lazy grid of cards. Arrows move between cards, Space plays, Enter opens; one card at a time takes part in the tab order.

const REST_MS = 250;

class Gallery {
  constructor(root) {
    this.root = root;
    this.grid = root.querySelector(".grid");
    this.playback = new Playback((time, duration) => this.progress(time, duration), (state) => this.state(state));
    this.pauseVideos = (event) => this.grid.querySelectorAll("video").forEach((video) => { if (event.detail !== video) video.pause(); });
    window.addEventListener(TAKES_OVER, this.pauseVideos);
    this.grid.onkeydown = (event) => this.key(event);
    this.grid.onfocusin = (event) => this.rove(event.target.closest(".card"));
  }

  show(data) {
    clearTimeout(this.resting);
    this.previewed = undefined;
    this.playback.audio.pause();
    this.button = undefined;
    this.root.style.setProperty("--card", `${data.size_px}px`);
    this.grid.setAttribute("aria-label", data.label);
    this.grid.classList.toggle("one", data.cards.length === 1 && !data.opens);
    this.cards = data.cards.map((card, index) => this.card(card, index, data.opens));
    this.grid.classList.toggle("grouped", Boolean(data.groups));
    this.grid.replaceChildren(...(data.groups ? this.grouped(data.groups) : this.cards));
  }

  // The cards in parts that follow each other: each part has a name, a marker and so many of the cards.
  grouped(groups) {
    let first = 0;
    return groups.map(({ title, modality, marker, count }) => {
      const [part, name, row] = [make("section", "group"), make("h4"), make("div", "row")];
      if (marker) {
        name.append(make("span", "mark", marker), " ");
        name.style.setProperty("--tone", `var(--xm-${modality})`);
      }
      name.append(title);
      part.setAttribute("role", "presentation");
      row.append(...this.cards.slice(first, first + count));
      first += count;
      part.append(name, row);
      return part;
    });
  }

  card(card, index, opens) {
    const element = make("article", `card ${card.kind}`);
    element.style.setProperty("--tone", `var(--xm-${card.modality})`);
    element.setAttribute("role", "listitem");
    element.setAttribute("aria-label", [card.modality_name, card.title, card.caption].filter(Boolean).join(", "));
    element.dataset.id = card.id;
    element.tabIndex = index === 0 ? 0 : -1;
    const stage = make("div", "stage");
    if (card.kind === "video") stage.append(...this.film(card, element, opens));
    else stage.append(this.picture(card, element), ...this.overlay(card));
    if (card.sounds.length) stage.append(this.sounds(card, element));
    if (card.asks) stage.append(this.asks(card, element));
    element.append(stage);
    if (card.previews) this.preview(element);
    if (card.title || card.caption) element.append(this.words(card));
    if (opens) {
      element.classList.add("opens");
      element.onclick = (event) => { if (!event.target.closest("button")) this.open(card.id); };
    }
    return element;
  }

  picture(card, element) {
    if (card.kind === "text") return make("blockquote", "text", card.text);
    const image = make("img");
    image.loading = "lazy";
    image.decoding = "async";
    image.alt = this.name(card);
    image.onload = () => element.classList.add("loaded");
    image.onerror = () => element.classList.add("loaded", "broken");
    image.src = card.picture;
    return image;
  }

  name(card) { return [card.modality_name, card.title].filter((part, index, all) => part && all.indexOf(part) === index).join(": "); }

  // The button plays in place; a double click fills the screen, where the browser's own controls show.
  film(card, element, opens) {
    const video = make("video");
    Object.assign(video, { preload: "none", playsInline: true, loop: true, poster: card.picture, src: card.video, ariaLabel: this.name(card) });
    const button = this.round(`Play ${this.name(card).toLowerCase()}`, element, card.modality);
    const [bar, time, line] = [make("div", "sounds"), make("span", "time"), make("div", "playhead")];
    const toggle = () => { if (video.paused) video.play().catch(() => video.onerror()); else video.pause(); };
    const state = (name) => { button.dataset.state = name; element.classList.toggle("playing", name === "playing"); };
    button.onclick = toggle;
    if (!opens) video.onclick = toggle;
    video.ondblclick = () => video.requestFullscreen?.();
    video.onfullscreenchange = () => { video.controls = video.matches(":fullscreen"); };
    video.onplay = () => { announce(video); state("playing"); };
    video.onpause = () => state("paused");
    video.onerror = () => { state("broken"); time.textContent = "cannot be played"; };
    video.ontimeupdate = () => {
      if (!video.duration) return;
      element.style.setProperty("--at", `${(100 * video.currentTime) / video.duration}%`);
      time.textContent = `${clock(video.currentTime)} / ${clock(video.duration)}`;
    };
    bar.append(button, time);
    return [video, bar, line];
  }

  round(label, element, modality) {
    const button = make("button", "round");
    button.type = "button";
    button.tabIndex = element.tabIndex;
    button.style.setProperty("--tone", `var(--xm-${modality})`);
    button.ariaLabel = button.title = label;
    return button;
  }

  overlay(card) {
    if (!card.overlay) return [];
    const image = make("img", "overlay");
    image.loading = "lazy";
    image.alt = "";
    image.src = card.overlay;
    return [image];
  }

  sounds(card, element) {
    const bar = make("div", "sounds");
    for (const sound of card.sounds) {
      const button = this.round(`Play ${sound.modality_name.toLowerCase()}${card.title ? `: ${card.title}` : ""}`, element, sound.modality);
      button.title += " (loudness is evened out for playing)";
      button.dataset.source = sound.source;
      button.onclick = () => this.play(button);
      bar.append(button);
    }
    bar.append(make("span", "time"));
    const line = make("div", "playhead");
    return [bar, line].reduce((all, part) => (all.append(part), all), document.createDocumentFragment());
  }

  asks(card, element) {
    const button = make("button", "asks", "?");
    button.type = "button";
    button.tabIndex = element.tabIndex;
    button.ariaLabel = button.title = card.asks;
    button.onclick = () => this.api.setTriggerValue("ask", card.id);
    return button;
  }

  // What plays because a pointer or the keyboard rests on a card stops when it leaves; what a click started does not.
  preview(element) {
    const enter = () => {
      clearTimeout(this.resting);
      this.resting = setTimeout(() => this.begin(element), REST_MS);
    };
    const leave = () => {
      clearTimeout(this.resting);
      if (this.previewed === element) this.end();
    };
    element.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") enter(); });
    element.addEventListener("pointerleave", leave);
    element.addEventListener("focusin", (event) => { if (event.target.matches(":focus-visible")) enter(); });
    element.addEventListener("focusout", (event) => { if (!element.contains(event.relatedTarget)) leave(); });
    element.addEventListener("click", () => { clearTimeout(this.resting); this.previewed = undefined; }, true);
  }

  begin(element) {
    if (!element.isConnected || element.classList.contains("playing")) return;
    const video = element.querySelector("video");
    const button = element.querySelector(".sounds button");
    if (video && matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    if (!button) return;
    this.previewed = element;
    if (video) video.play().catch((error) => this.muted(error, video));
    else this.play(button);
  }

  // Browsers let no page sound before its visitor has clicked somewhere: the film moves without its sound.
  muted(error, video) {
    if (error.name !== "NotAllowedError") return;
    video.muted = true;
    video.play().catch(() => {});
  }

  end() {
    const video = this.previewed.querySelector("video");
    this.previewed = undefined;
    if (video) { video.pause(); video.muted = false; } else this.playback.audio.pause();
  }

  words(card) {
    const box = make("div", "words");
    if (card.title) box.append(make("strong", "", card.title));
    if (card.caption) box.append(make("span", "", card.caption));
    if (card.has.length) {
      const row = make("div", "has");
      row.setAttribute("role", "img");
      row.ariaLabel = `has ${card.has.map((entry) => entry.modality_name.toLowerCase()).join(", ")}`;
      for (const entry of card.has) {
        const mark = make("span", "", entry.marker);
        mark.style.color = `var(--xm-${entry.modality})`;
        mark.title = entry.modality_name;
        row.append(mark);
      }
      box.append(row);
    }
    return box;
  }

  play(button) {
    if (this.button === button && this.playback.playing) { this.playback.audio.pause(); return; }
    if (this.button !== button) {
      this.playback.audio.pause();
      this.state("paused");
      this.button = button;
      this.playback.load(button.dataset.source);
    }
    this.playback.play();
  }

  state(state) {
    if (!this.button) return;
    this.button.dataset.state = state;
    const card = this.button.closest(".card");
    card.classList.toggle("playing", state === "playing");
    if (state === "broken") { this.button.title = "This sound cannot be played"; card.querySelector(".time").textContent = "broken"; }
  }

  progress(time, duration) {
    const card = this.button?.closest(".card");
    if (!card || !duration) return;
    card.style.setProperty("--at", `${(100 * time) / duration}%`);
    card.querySelector(".time").textContent = `${clock(time)} / ${clock(duration)}`;
  }

  rove(card) {
    if (!card) return;
    for (const other of this.cards) {
      const index = other === card ? 0 : -1;
      other.tabIndex = index;
      other.querySelectorAll("button").forEach((button) => { button.tabIndex = index; });
    }
  }

  key(event) {
    const card = event.target.closest(".card");
    if (!card || event.target.closest("video")) return;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: this.columns(card), ArrowUp: -this.columns(card) }[event.key];
    if (step) {
      const next = this.cards[this.cards.indexOf(card) + step];
      next?.focus();
    } else if (event.key === " " && !event.target.closest("button")) {
      this.playCard(card);
    } else if (event.key === "Enter" && event.target === card) {
      if (card.classList.contains("opens")) this.open(card.dataset.id); else this.playCard(card);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  playCard(card) {
    card.querySelector(".sounds button")?.click();
  }

  columns(card) {
    return Math.max(1, getComputedStyle(card.parentElement).gridTemplateColumns.split(" ").length);
  }

  open(id) { this.api.setTriggerValue("open", id); }

  destroy() {
    clearTimeout(this.resting);
    window.removeEventListener(TAKES_OVER, this.pauseVideos);
    this.playback.destroy();
  }
}

export default function (component) { return mount(component, Gallery); }
