// From levels to pixels: smooth enlargement of a small grid, and tables of colours.

const FINE_CELLS = 128; // about so many pixels a side; the browser's compositor smooths the rest
const STEPS = 1024; // entries of a colour table

// Catmull-Rom weights from `count` cells to `size` pixels: four cells and four weights per pixel.
function cubic(count, size) {
  const cells = new Int32Array(4 * size);
  const weights = new Float32Array(4 * size);
  for (let pixel = 0; pixel < size; pixel += 1) {
    const place = ((pixel + 0.5) / size) * count - 0.5;
    const base = Math.floor(place);
    const t = place - base;
    const four = [
      ((2 - t) * t - 1) * t / 2,
      ((3 * t - 5) * t * t + 2) / 2,
      ((4 - 3 * t) * t + 1) * t / 2,
      (t - 1) * t * t / 2,
    ];
    four.forEach((weight, tap) => {
      cells[4 * pixel + tap] = Math.max(0, Math.min(count - 1, base - 1 + tap));
      weights[4 * pixel + tap] = weight;
    });
  }
  return { cells, weights };
}

// Enlarges rows x cols levels and paints them by a colour table.
class Enlarger {
  constructor(rows, cols) {
    const factor = Math.max(1, Math.round(FINE_CELLS / Math.max(rows, cols)));
    [this.rows, this.cols] = [rows, cols];
    [this.height, this.width] = [rows * factor, cols * factor];
    this.across = cubic(cols, this.width);
    this.down = cubic(rows, this.height);
    this.wide = new Float32Array(rows * this.width);
    this.image = new ImageData(this.width, this.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  paint(grid, table, context) {
    const { across, down, wide, width, height, cols, rows } = this;
    for (let row = 0; row < rows; row += 1) {
      for (let x = 0; x < width; x += 1) {
        let sum = 0;
        for (let tap = 4 * x; tap < 4 * x + 4; tap += 1) sum += across.weights[tap] * grid[row * cols + across.cells[tap]];
        wide[row * width + x] = sum;
      }
    }
    for (let y = 0; y < height; y += 1) {
      const [a, b, c, d] = down.cells.subarray(4 * y, 4 * y + 4).map((row) => row * width);
      const [p, q, r, s] = down.weights.subarray(4 * y, 4 * y + 4);
      for (let x = 0; x < width; x += 1) {
        const level = p * wide[a + x] + q * wide[b + x] + r * wide[c + x] + s * wide[d + x];
        this.pixels[y * width + x] = table[Math.max(0, Math.min(STEPS - 1, (level * STEPS / LEVELS) | 0))];
      }
    }
    context.putImageData(this.image, 0, 0);
  }
}

// One pixel per level. Below the threshold nothing is lit; from there brightness rises to the level `top`.
// Spotlight: the score is the picture's opacity over black (matchmaps, section 5.6). Heat: nothing is transparent.
function colourTable({ mode, opacity, heat }, threshold, top) {
  const table = new Uint32Array(STEPS);
  const bytes = new Uint8ClampedArray(table.buffer);
  for (let step = 0; step < STEPS; step += 1) {
    const level = ((step + 0.5) * LEVELS) / STEPS;
    const lit = Math.max(0, Math.min(1, (level - threshold) / Math.max(1, top - threshold)));
    if (mode === "spotlight") {
      bytes[4 * step + 3] = 255 * opacity * (1 - Math.sqrt(lit));
    } else if (lit > 0) {
      const shade = Math.round(255 * (0.2 + 0.8 * lit));
      bytes.set(heat.subarray(3 * shade, 3 * shade + 3), 4 * step);
      bytes[4 * step + 3] = 255 * opacity * Math.min(1, 0.2 + 1.6 * lit);
    }
  }
  return table;
}

// Boundaries of each instance of a label image as one path, in pixels of that image, and where its name goes.
function outlines(labels, width, height, count) {
  const found = Array.from({ length: count }, () => ({ path: new Path2D(), top: height, at: [0, 0], pixels: 0 }));
  const label = (x, y) => (x < 0 || y < 0 || x >= width || y >= height ? 0 : labels[y * width + x]);
  const scan = (length, breadth, at, draw) => {
    for (let line = 0; line <= breadth; line += 1) {
      for (let side = 0; side < 2; side += 1) {
        for (let start = 0, end = 0; start < length; start = end) {
          const [own, other] = side ? [at(start, line), at(start, line - 1)] : [at(start, line - 1), at(start, line)];
          end = start + 1;
          if (!own || own === other) continue;
          const same = () => (side ? at(end, line) === own && at(end, line - 1) !== own : at(end, line - 1) === own && at(end, line) !== own);
          while (end < length && same()) end += 1;
          if (found[own - 1]) draw(found[own - 1].path, start, end, line);
        }
      }
    }
  };
  scan(width, height, (x, y) => label(x, y), (path, from, to, y) => { path.moveTo(from, y); path.lineTo(to, y); });
  scan(height, width, (y, x) => label(x, y), (path, from, to, x) => { path.moveTo(x, from); path.lineTo(x, to); });
  for (let index = 0; index < labels.length; index += 1) {
    const one = found[labels[index] - 1];
    if (!one) continue;
    one.pixels += 1;
    const y = Math.floor(index / width);
    if (y < one.top) [one.top, one.at] = [y, [index % width, y]];
  }
  return found;
}
