// What Python sends -> what the player shows. Bytes are columns of a one-row Arrow table.

function column(data, name) {
  return data.bytes.getChild(name)?.get(0) ?? null;
}

function readMaps(data) {
  return data.maps.map((facts, index) => {
    const map = { ...facts, levels: column(data, `map_${index}`).slice(), stepwise: data.kind === "text" };
    map.percentiles = percentiles(map);
    return map;
  });
}

// Addresses of the clip's files, revoked together.
class ClipFiles {
  constructor(data) {
    this.addresses = [];
    this.kind = data.kind;
    this.picture = this.file(data, "picture", data.picture_type);
    this.media = data.kind === "video" ? this.file(data, "video", data.video_type) : this.file(data, "sound", data.sound_type);
    this.spectrogram = this.file(data, "spectrogram", "image/png");
    this.truth = this.file(data, "truth", "image/png");
  }

  file(data, name, type) {
    const bytes = column(data, name);
    if (!bytes) return "";
    const made = URL.createObjectURL(new Blob([bytes], { type }));
    this.addresses.push(made);
    return made;
  }

  // Width over height of the picture, known when its header is read.
  async ratio(video) {
    if (this.kind !== "video") {
      const image = await decoded(this.picture);
      return image.naturalWidth / image.naturalHeight;
    }
    if (video.readyState < 1) {
      await new Promise((resolve, reject) => {
        video.addEventListener("loadedmetadata", resolve, { once: true });
        video.addEventListener("error", reject, { once: true });
      });
    }
    return video.videoWidth / video.videoHeight;
  }

  // Label image -> outlines; its pixels are numbers, which a canvas gives back exactly.
  async outlines(count) {
    if (!this.truth) return null;
    const image = await decoded(this.truth);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const labels = Uint8Array.from({ length: data.length / 4 }, (_, index) => data[4 * index]);
    return { width: canvas.width, height: canvas.height, things: outlines(labels, canvas.width, canvas.height, count) };
  }

  revoke() { this.addresses.splice(0).forEach((address) => URL.revokeObjectURL(address)); }
}

async function decoded(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}
