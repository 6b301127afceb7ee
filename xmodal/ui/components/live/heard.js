// What was matched lately, by frame: a frame's score gets better while more of what follows it is heard, and what "much"
// means is measured by the last seconds of speech. Nothing here touches the page.

const KEPT_S = 15; // the range of scores and the percentiles are of the sound of so many seconds
const TOP_PERCENT = 99; // fully lit: from halfway between this percentile and the highest score, as in the player

class Heard {
  constructor() { this.frames = new Map(); }

  // A map of the server; frames of silence say nothing and are not kept.
  add(map) {
    const cells = map.rows * map.cols;
    if (this.cells !== cells) { this.frames.clear(); this.cells = cells; }
    this.step = map.step;
    for (let frame = 0; frame < map.frames && !map.silent; frame += 1) {
      this.frames.set(Math.round((map.first + frame * map.step) / map.step), map.scores.slice(frame * cells, (frame + 1) * cells));
    }
    const newest = map.first + (map.frames - 1) * map.step;
    for (const number of this.frames.keys()) if (number * map.step < newest - KEPT_S) this.frames.delete(number);
    if (this.frames.size) this.measure();
  }

  measure() {
    const all = new Float32Array(this.frames.size * this.cells);
    let at = 0;
    for (const scores of this.frames.values()) { all.set(scores, at); at += this.cells; }
    all.sort();
    const place = (percent) => all[Math.min(all.length - 1, Math.floor((percent / 100) * all.length))];
    this.percentiles = Float32Array.from({ length: 101 }, (_, percent) => place(percent));
    [this.low, this.high] = [all[0], all[all.length - 1]];
  }

  get empty() { return !this.frames.size; }
  score(percent) { return this.percentiles[Math.round(percent)]; }
  level(score) { return this.high > this.low ? ((score - this.low) / (this.high - this.low)) * (LEVELS - 1) : 0; }
  get top() { return this.level((this.percentiles[TOP_PERCENT] + this.high) / 2); }
}

// The frames of a map that have been followed by enough sound and were not shown before, as one mean; if there is
// none, the newest that has. {scores, seconds: time of the newest of them} or null. `map.until` is where its sound ends.
function settled(map, wait, shownUntil) {
  const cells = map.rows * map.cols;
  const last = Math.min(map.frames - 1, Math.floor((map.until - wait - map.first) / map.step + 1e-6));
  if (last < 0) return null;
  let first = last;
  while (first > 0 && map.first + (first - 1) * map.step > shownUntil + 1e-6) first -= 1;
  const scores = new Float32Array(cells);
  for (let frame = first; frame <= last; frame += 1) {
    for (let cell = 0; cell < cells; cell += 1) scores[cell] += map.scores[frame * cells + cell] / (last - first + 1);
  }
  return { scores, seconds: map.first + last * map.step };
}
