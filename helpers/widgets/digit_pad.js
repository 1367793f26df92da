// A pad to draw on with mouse, finger, pen or keys. It sends strokes and shows what Python answers.
const SIZE = 280; // the side of the pad, in the units of a stroke's points
const ARROWS = { ArrowLeft: [-7, 0], ArrowRight: [7, 0], ArrowUp: [0, -7], ArrowDown: [0, 7] };
const HELP =
  "Drawing pad. Draw a digit with mouse, finger or pen. With keys: arrows move the pen, " +
  "space lowers and lifts it, Delete clears.";

function render({ model, el }) {
  let strokes = [];
  let waiting, pointer;
  const keys = { at: [140, 140], down: false, used: false };
  el.innerHTML = `<div class="drawing"><div><canvas width="${SIZE}" height="${SIZE}" tabindex="0"
    role="application" aria-label="${HELP}" data-lm-suppress-shortcuts="true"></canvas>
    <button type="button">Clear</button> <span role="status"></span></div>
    <div class="reading"></div></div>`; // JupyterLab leaves the keys to the pad
  const [pad, button, status, reading] = ["canvas", "button", "span", ".reading"].map((name) =>
    el.querySelector(name),
  );

  function paint() {
    const pen = pad.getContext("2d");
    Object.assign(pen, { fillStyle: "white", strokeStyle: "black", lineWidth: model.get("pen") });
    Object.assign(pen, { lineCap: "round", lineJoin: "round" });
    pen.fillRect(0, 0, SIZE, SIZE);
    for (const [[x, y], ...rest] of strokes) {
      pen.beginPath();
      pen.moveTo(x, y);
      for (const point of [[x + 0.01, y], ...rest]) pen.lineTo(...point);
      pen.stroke();
    }
    Object.assign(pen, { strokeStyle: keys.down ? "#D55E00" : "#0072B2", lineWidth: 2 });
    if (keys.used) pen.strokeRect(keys.at[0] - 8, keys.at[1] - 8, 16, 16);
  }

  function changed() {
    paint();
    waiting ??= setTimeout(() => { // at most ten messages a second, and always the last state
      waiting = undefined;
      model.set("strokes", strokes.map((stroke) => [...stroke]));
      model.save_changes();
    }, 100);
  }

  function place(event) {
    const box = pad.getBoundingClientRect();
    const offsets = [event.clientX - box.left, event.clientY - box.top];
    return offsets.map((offset) => Math.round((offset * SIZE) / box.width));
  }

  pad.onpointerdown = (event) => {
    if (pointer !== undefined || event.button) return;
    pointer = event.pointerId;
    pad.setPointerCapture(pointer);
    [keys.used, keys.down] = [false, false];
    strokes.push([place(event)]);
    changed();
  };
  pad.onpointermove = (event) => {
    if (event.pointerId !== pointer) return;
    strokes.at(-1).push(place(event));
    changed();
  };
  pad.onpointerup = pad.onpointercancel = (event) => {
    if (event.pointerId === pointer) pointer = undefined;
  };
  button.onclick = () => {
    [strokes, keys.down, pointer] = [[], false, undefined];
    changed();
  };
  pad.onkeydown = (event) => {
    if (event.key === " ") {
      keys.down = !keys.down;
      if (keys.down) strokes.push([keys.at]);
    } else if (event.key in ARROWS) {
      keys.at = keys.at.map((v, i) => Math.min(SIZE, Math.max(0, v + ARROWS[event.key][i])));
      if (keys.down) strokes.at(-1).push(keys.at);
    } else if (event.key === "Delete") button.onclick();
    else return;
    keys.used = true;
    event.preventDefault();
    changed();
  };

  function answer() {
    [reading.innerHTML, status.textContent] = [model.get("reading"), model.get("status")];
  }
  function take() { // strokes that Python sets, not an echo of the hand's own
    if (pointer !== undefined || waiting !== undefined || keys.down) return;
    strokes = model.get("strokes").map((stroke) => [...stroke]);
    paint();
  }
  model.on("change:reading change:status", answer);
  model.on("change:strokes", take);
  answer();
  take();
}

export default { render };
