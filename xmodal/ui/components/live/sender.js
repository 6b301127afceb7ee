// Buffers to the server, one on its way at a time: what piles up meanwhile is overtaken by the newest.

const STEP_S = 0.25; // from buffer to buffer
const PATIENCE_MS = 8000;
const SAYS_FACTS = "x-xm-heard";

class Sender {
  // `onheard(map)`: {frames, rows, cols, first, step, cover, silent, took_s, scores, until, tripMs}; `onfailed(status, line)`:
  // status 0 if there was no answer
  constructor(onheard, onfailed) {
    this.onheard = onheard;
    this.onfailed = onfailed;
    this.sentAt = 0;
  }

  // Where to: {address, token, picture}
  aim(target) { this.target = target; }

  // Called after every block; sends when a step has gone by and the last buffer has been answered.
  offer(recent) {
    if (this.busy || recent.seconds - this.sentAt < STEP_S) return;
    this.sentAt = recent.seconds;
    this.busy = this.send(recent.latest(), recent.rate, this.target).finally(() => { this.busy = undefined; });
  }

  async send({ samples, start }, rate, { address, token, picture }) {
    const begun = performance.now();
    const headers = { "content-type": "application/octet-stream", "x-xm-live": token, "x-xm-picture": picture, "x-xm-start": String(start), "x-xm-rate": String(rate) };
    this.stopper = new AbortController();
    const timer = setTimeout(() => this.stopper.abort(), PATIENCE_MS);
    try {
      const answer = await fetch(address, { method: "POST", headers, body: samples, signal: this.stopper.signal });
      if (answer.status === 200) {
        const facts = JSON.parse(answer.headers.get(SAYS_FACTS));
        const scores = new Float32Array(await answer.arrayBuffer());
        if (!this.stopped) this.onheard({ ...facts, scores, picture, until: start + samples.length / rate, tripMs: performance.now() - begun });
      } else if (answer.status !== 204 && !this.stopped) {
        this.onfailed(answer.status, await answer.text());
      }
    } catch {
      if (!this.stopped) this.onfailed(0, "");
    } finally {
      clearTimeout(timer);
    }
  }

  stop() {
    this.stopped = true;
    this.stopper?.abort();
  }
}
