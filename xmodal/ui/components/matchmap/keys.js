// Keys of the player, and the sheet that explains them. Native controls keep their own keys.

const KEYS = [
  ["Space", "play, pause"],
  ["← →", "1 s back, on; with Shift one frame"],
  ["1 – 4", "choose a map"],
  ["V", "side by side"],
  ["M", "spotlight, heat"],
  ["T", "true outlines"],
  ["L", "loop the word or stretch"],
  ["B", "brush on, off"],
  ["[ ]", "stretch starts here, ends here"],
  ["Esc", "clear place and stretch"],
  ["?", "this sheet"],
];
const GESTURES = [
  ["Click or drag on the picture", "When is that place spoken about? The curve lies over the sound."],
  ["Drag over the sound", "Go there."],
  ["Shift and drag over the sound", "Where does that stretch match? The light stands still."],
  ["Click a word", "Play from there; of a text, go there."],
];

function fillHelp(help) {
  const list = make("dl");
  for (const [key, meaning] of KEYS) {
    const term = make("dt");
    term.append(make("kbd", "", key));
    list.append(term, make("dd", "", meaning));
  }
  const gestures = make("dl", "gestures");
  for (const [gesture, meaning] of GESTURES) gestures.append(make("dt", "", gesture), make("dd", "", meaning));
  const close = make("button", "toggle", "Close");
  close.type = "button";
  close.onclick = () => help.hidePopover();
  help.replaceChildren(make("h3", "", "Keys"), list, make("h3", "", "Gestures"), gestures, close);
}

// What a key does: name of the player's action and its arguments; undefined: not ours.
function actionOf(event, target) {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  const native = { BUTTON: [" ", "Enter"], SELECT: [" ", "Enter", "arrows", "letters"], INPUT: ["arrows"] }[target.tagName] ?? [];
  const arrow = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (arrow) return native.includes("arrows") ? undefined : ["move", arrow, event.shiftKey];
  if (native.includes(event.key)) return undefined;
  if (event.key.length === 1 && event.key !== "?" && native.includes("letters")) return undefined;
  if (event.key >= "1" && event.key <= "4") return ["chooseMap", Number(event.key) - 1];
  const actions = {
    " ": ["toggle"], Escape: ["escape"], "?": ["help"], "[": ["mark", 0], "]": ["mark", 1],
    m: ["mode"], v: ["flip", "compare"], t: ["flip", "truth"], l: ["flip", "loop"], b: ["flip", "brush"],
  };
  return actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
}
