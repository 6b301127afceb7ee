// One clock for everything that is drawn: the time of the audio or video element, or of a ticker where nothing sounds.
// While it runs, `onframe` is called once per animation frame; when it stands still, only after a change.

// A silent stand-in for a media element; its rate is units of time (words) a second.
class Ticker {
  constructor() { [this.paused, this.playbackRate, this.base, this.since, this.duration] = [true, 1, 0, 0, 0]; }
  get currentTime() {
    if (this.paused) return this.base;
    return Math.min(this.duration, this.base + ((performance.now() - this.since) / 1000) * this.playbackRate);
  }
  set currentTime(time) { [this.base, this.since] = [time, performance.now()]; this.onseeked?.(); }
  get ended() { return this.currentTime >= this.duration; }
  play() {
    if (this.ended) this.base = 0;
    [this.since, this.paused] = [performance.now(), false];
    this.onplay?.();
    return Promise.resolve();
  }
  pause() {
    if (this.paused) return;
    [this.base, this.paused] = [this.currentTime, true];
    this.onpause?.();
  }
}

class Transport {
  constructor(elements, onframe, onstate) {
    this.elements = { ...elements, text: new Ticker() };
    this.onframe = onframe;
    this.onstate = onstate;
    this.loop = null;
    this.tick = () => {
      if (!this.media || this.media.paused) return;
      this.wrap();
      this.onframe();
      this.request = requestAnimationFrame(this.tick);
    };
    this.yield = (event) => { if (event.detail !== this) this.media?.pause(); };
    window.addEventListener(TAKES_OVER, this.yield);
  }

  load(kind, address, duration) {
    this.release();
    this.duration = duration;
    this.media = this.elements[kind];
    const media = this.media;
    media.onplay = () => { announce(this); this.onstate("playing"); cancelAnimationFrame(this.request); this.request = requestAnimationFrame(this.tick); };
    media.onpause = () => { this.onframe(); this.onstate("paused"); };
    media.onended = () => { if (this.loop) this.again(); else { media.currentTime = 0; this.onframe(); this.onstate("paused"); } };
    media.onseeked = media.onloadeddata = () => { if (media.paused) this.onframe(); };
    media.onerror = () => { if (media.getAttribute("src")) this.onstate("broken"); };
    if (kind === "text") media.duration = duration;
    else if (address) media.src = address;
    else this.onstate("broken");
    media.currentTime = 0;
  }

  get now() { return this.media?.currentTime ?? 0; }
  get playing() { return Boolean(this.media) && !this.media.paused; }
  set speed(rate) { this.media.playbackRate = rate; }

  // A loop goes round; without one a ticker ends by itself here, as a media element does.
  wrap() {
    if (this.loop && (this.now >= this.loop[1] || this.now < this.loop[0] - 0.25)) this.media.currentTime = this.loop[0];
    else if (this.media instanceof Ticker && this.media.ended) { this.media.pause(); this.media.onended(); }
  }

  again() { this.media.currentTime = this.loop[0]; this.play(); }
  play() {
    if (this.loop && (this.now >= this.loop[1] || this.now < this.loop[0])) this.media.currentTime = this.loop[0];
    return this.media.play().catch((error) => { if (error.name !== "AbortError") this.onstate("broken"); });
  }
  pause() { this.media.pause(); }
  toggle() { if (this.playing) this.pause(); else this.play(); }

  seek(seconds) {
    this.media.currentTime = Math.max(0, Math.min(this.duration - 0.001, seconds));
    this.onframe();
  }

  release() {
    cancelAnimationFrame(this.request);
    const media = this.media;
    this.media = undefined;
    if (!media) return;
    media.onplay = media.onpause = media.onended = media.onseeked = media.onloadeddata = media.onerror = null;
    media.pause();
    if (media instanceof Ticker) return;
    media.removeAttribute("src");
    media.load();
  }

  destroy() {
    window.removeEventListener(TAKES_OVER, this.yield);
    this.release();
  }
}
