/* Drawing on the page of the slides: what is drawn goes out four times a second, so that the halls see it grow.
   mfInk(box, button, room, data): `button` switches the pen; Backspace or Ctrl+Z takes the last line back. */
window.mfInk = function (box, button, room, data) {
  "use strict";
  const EVERY = 250, MOST = 190, FULL = 65535, COLOUR = "#8e2419", WIDTH = 5;  // milliseconds; points of one event
  const lines = [];  // ids of the pieces of each line of this page
  let on = false, points = [], timer = 0;

  function place(event) {
    const edge = box.getBoundingClientRect();
    return [(event.clientX - edge.left) / edge.width, (event.clientY - edge.top) / edge.height].map(function (one) {
      return Math.round(Math.max(0, Math.min(1, one)) * FULL);
    });
  }

  function flat() {
    return points.reduce(function (all, point, at) {
      const before = at ? points[at - 1] : [0, 0];
      return all.concat(point[0] - before[0], point[1] - before[1]);
    }, []);
  }

  function out() {
    if (points.length < 2) return;
    const id = window.mfRoom.key().slice(0, 10), state = room.state();
    const piece = { page: state.slide.page, id: id, colour: COLOUR, width: WIDTH, points: flat() };
    lines[lines.length - 1].push(id);
    window.mfDraw.ink(box, data, state, { kind: "ink.stroke", data: piece });
    room.send("ink.stroke", piece);
    points = points.slice(-1);
  }

  function back() {
    const last = lines.pop();
    (last || []).forEach(function (id) { room.send("ink.undo", { id: id }); });
  }

  box.addEventListener("pointerdown", function (event) {
    if (!on || event.button) return;
    event.preventDefault();
    box.setPointerCapture(event.pointerId);
    points = [place(event)];
    lines.push([]);
    timer = setInterval(out, EVERY);
  });
  box.addEventListener("pointermove", function (event) {
    if (!timer) return;
    points.push(place(event));
    if (points.length >= MOST) out();
  });
  ["pointerup", "pointercancel"].forEach(function (name) {
    box.addEventListener(name, function () {
      if (!timer) return;
      clearInterval(timer);
      timer = 0;
      if (points.length === 1) points.push(points[0]);
      out();
    });
  });

  button.addEventListener("click", function () {
    on = !on;
    button.setAttribute("aria-pressed", on ? "true" : "false");
    box.classList.toggle("is-pen", on);
  });
  document.addEventListener("keydown", function (event) {
    if (!on || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    if (event.key === "Backspace" || event.key === "z" && event.ctrlKey) { event.preventDefault(); back(); }
  });
};
