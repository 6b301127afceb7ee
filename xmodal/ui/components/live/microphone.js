// The microphone as blocks of samples, and nothing kept open that is not used. WORKLET, the text of
// capture.worklet.js, stands before this script.

const RATE_HZ = 16000; // what the networks listen to; browsers that cannot convert give their own rate

class Microphone {
  // `onblock(samples)`: Float32Array, 20 times a second; `onlost()`: it was unplugged, or its permission taken back
  constructor(onblock, onlost) {
    this.onblock = onblock;
    this.onlost = onlost;
    this.closed = false;
  }

  static get possible() { return Boolean(navigator.mediaDevices?.getUserMedia && window.AudioWorkletNode); }

  // Rejects with a DOMException: NotAllowedError, NotFoundError, ... Closed meanwhile: lets go of everything.
  async open() {
    const audio = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false };
    this.stream = await navigator.mediaDevices.getUserMedia({ audio });
    if (this.closed) { this.close(); return; }
    const [track] = this.stream.getAudioTracks();
    track.onended = () => { if (!this.closed) this.onlost(); };
    this.delayMs = 1000 * (track.getSettings().latency ?? 0);
    const source = this.join();
    const address = URL.createObjectURL(new Blob([WORKLET], { type: "text/javascript" }));
    try { await this.context.audioWorklet.addModule(address); } finally { URL.revokeObjectURL(address); }
    if (this.closed) { this.close(); return; }
    this.node = new AudioWorkletNode(this.context, "xmodal-capture", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
    this.node.port.onmessage = ({ data }) => this.onblock(data);
    source.connect(this.node);
    await this.context.resume();
  }

  // Firefox joins a microphone only to a context of its own rate; the server converts then.
  join() {
    this.context = new AudioContext({ sampleRate: RATE_HZ, latencyHint: "interactive" });
    try { return this.context.createMediaStreamSource(this.stream); } catch {
      this.context.close();
      this.context = new AudioContext({ latencyHint: "interactive" });
      return this.context.createMediaStreamSource(this.stream);
    }
  }

  get rate() { return this.context.sampleRate; }

  close() {
    this.closed = true;
    if (this.node) this.node.port.onmessage = null;
    this.node?.disconnect();
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    if (this.context && this.context.state !== "closed") this.context.close();
  }
}

// The last seconds of a stream, as 16-bit samples.
class Recent {
  constructor(rate, seconds) {
    this.rate = rate;
    this.size = Math.round(rate * seconds);
    this.ring = new Int16Array(this.size);
    this.total = 0;
  }

  add(samples) {
    for (let index = 0; index < samples.length; index += 1) {
      this.ring[(this.total + index) % this.size] = Math.max(-32768, Math.min(32767, Math.round(32768 * samples[index])));
    }
    this.total += samples.length;
  }

  get seconds() { return this.total / this.rate; }

  // Oldest first, and when the oldest was heard (seconds since the beginning).
  latest() {
    const count = Math.min(this.total, this.size);
    const begin = this.total - count;
    const cut = begin % this.size;
    const samples = new Int16Array(count);
    const tail = this.ring.subarray(cut, Math.min(this.size, cut + count));
    samples.set(tail);
    samples.set(this.ring.subarray(0, count - tail.length), tail.length);
    return { samples, start: begin / this.rate };
  }
}

// Root mean square of a block, dB below full scale.
function loudness(samples) {
  let power = 0;
  for (const sample of samples) power += sample * sample;
  return Math.max(-100, 10 * Math.log10(power / samples.length + 1e-10));
}
