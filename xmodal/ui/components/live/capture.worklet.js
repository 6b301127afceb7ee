// Runs in the browser's audio thread: gathers the samples of the microphone and hands them over 20 times a second.

const BLOCKS_A_SECOND = 20;

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.size = Math.round(sampleRate / BLOCKS_A_SECOND);
    this.renew();
  }

  renew() { [this.block, this.filled] = [new Float32Array(this.size), 0]; }

  process([input]) {
    const samples = input[0];
    if (!samples) return true;
    for (let from = 0; from < samples.length;) {
      const count = Math.min(samples.length - from, this.size - this.filled);
      this.block.set(samples.subarray(from, from + count), this.filled);
      [from, this.filled] = [from + count, this.filled + count];
      if (this.filled < this.size) continue;
      this.port.postMessage(this.block, [this.block.buffer]);
      this.renew();
    }
    return true;
  }
}

registerProcessor("xmodal-capture", Capture);
