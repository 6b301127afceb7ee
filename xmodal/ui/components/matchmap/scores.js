// Matchmaps as numbers. A map holds one byte per frame and cell, frame-major: 0 is the score `low`, 255 is `high`.
// Frame k is centred at first + k * step seconds. Nothing here touches the page.

const LEVELS = 256;

function frameAt(map, seconds) {
  return Math.max(0, Math.min(map.frames - 1, (seconds - map.first) / map.step));
}

function scoreOf(map, level) {
  return map.low + (level / (LEVELS - 1)) * (map.high - map.low);
}

function levelOf(map, score) {
  return map.high > map.low ? ((score - map.low) / (map.high - map.low)) * (LEVELS - 1) : LEVELS;
}

// Levels at a moment, linear between the two nearest frames; a map of words has nothing between words.
function gridAt(map, seconds, grid) {
  const place = map.stepwise ? Math.round(frameAt(map, seconds)) : frameAt(map, seconds);
  const before = Math.floor(place);
  const share = place - before;
  const cells = map.rows * map.cols;
  const first = before * cells;
  const second = Math.min(map.frames - 1, before + 1) * cells;
  for (let cell = 0; cell < cells; cell += 1) {
    grid[cell] = map.levels[first + cell] * (1 - share) + map.levels[second + cell] * share;
  }
}

// Mean over the frames whose centres lie in the stretch; the nearest frame if none does.
function gridOver(map, stretch, grid) {
  const cells = map.rows * map.cols;
  let first = Math.ceil((stretch[0] - map.first) / map.step);
  let last = Math.floor((stretch[1] - map.first) / map.step);
  if (first > last) first = last = Math.round(frameAt(map, (stretch[0] + stretch[1]) / 2));
  first = Math.max(0, Math.min(map.frames - 1, first));
  last = Math.max(first, Math.min(map.frames - 1, last));
  grid.fill(0);
  for (let frame = first; frame <= last; frame += 1) {
    for (let cell = 0; cell < cells; cell += 1) grid[cell] += map.levels[frame * cells + cell];
  }
  for (let cell = 0; cell < cells; cell += 1) grid[cell] /= last - first + 1;
}

// Column and row of the cell at a point of the picture (fractions), inside the part that the map covers.
function cellAt(map, x, y) {
  const [left, top, width, height] = map.cover;
  const within = (share, count) => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
  return [within((x - left) / width, map.cols), within((y - top) / height, map.rows)];
}

// From the cell of one point to the cell of another, as fractions of the picture: [left, top, width, height].
function placeBetween(map, from, to) {
  const [left, top, width, height] = map.cover;
  const [one, two] = [cellAt(map, ...from), cellAt(map, ...to)];
  const [col, row] = [Math.min(one[0], two[0]), Math.min(one[1], two[1])];
  const [cols, rows] = [Math.abs(one[0] - two[0]) + 1, Math.abs(one[1] - two[1]) + 1];
  return [left + (col / map.cols) * width, top + (row / map.rows) * height, (cols / map.cols) * width, (rows / map.rows) * height];
}

// "When is this place spoken about?": mean level over its cells, one number per frame.
function curveAt(map, place) {
  const inside = 1e-6;
  const [firstCol, firstRow] = cellAt(map, place[0] + inside, place[1] + inside);
  const [lastCol, lastRow] = cellAt(map, place[0] + place[2] - inside, place[1] + place[3] - inside);
  const count = (lastCol - firstCol + 1) * (lastRow - firstRow + 1);
  const curve = new Float32Array(map.frames);
  for (let frame = 0; frame < map.frames; frame += 1) {
    for (let row = firstRow; row <= lastRow; row += 1) {
      for (let col = firstCol; col <= lastCol; col += 1) curve[frame] += map.levels[(frame * map.rows + row) * map.cols + col];
    }
    curve[frame] /= count;
  }
  return curve;
}

// Where the curve is highest: the middle of its first run of equal values, as bytes make flat tops.
function peakOf(map, curve) {
  let best = 0;
  for (let frame = 1; frame < curve.length; frame += 1) if (curve[frame] > curve[best]) best = frame;
  let last = best;
  while (last + 1 < curve.length && curve[last + 1] === curve[best]) last += 1;
  return { seconds: map.first + ((best + last) / 2) * map.step, score: scoreOf(map, curve[best]) };
}

// The strongest level of each frame, wherever it is: stands in for a spectrogram where there is no sound.
function strongest(map) {
  const cells = map.rows * map.cols;
  return Float32Array.from({ length: map.frames }, (_, frame) => {
    let best = 0;
    for (let cell = 0; cell < cells; cell += 1) best = Math.max(best, map.levels[frame * cells + cell]);
    return best;
  });
}

// Level below which that share (0 to 100) of all cells of all frames lies.
function percentiles(map) {
  const counts = new Uint32Array(LEVELS);
  for (const level of map.levels) counts[level] += 1;
  const found = new Float32Array(101);
  let seen = 0;
  let next = 0;
  for (let level = 0; level < LEVELS; level += 1) {
    seen += counts[level];
    while (next <= 100 && seen >= (next / 100) * map.levels.length) found[next++] = level;
  }
  return found;
}

// The share (0 to 100) of cells below a level.
function percentOf(map, level) {
  const found = map.percentiles.findIndex((value) => value >= level);
  return found < 0 ? 100 : found;
}
