/* The replay: the board of a class run to any moment, by the same reducer as in the class. The chapter before a moment
   brings its board, the events after it the rest. With a recording its clock leads, tied to the class's by markers. */
(function () {
  "use strict";
  const draw = window.mfDraw, el = draw.el, fill = draw.fill, TICK = 500;  // milliseconds
  const data = JSON.parse(document.getElementById("replay-data").textContent), chapters = data.chapters, loaded = {};
  const start = chapters[0].at, end = chapters[chapters.length - 1].at, video = by("video");
  let at = start, playing = false, since = 0, take = -1, inked = "", wanted = 0, drawn = null;

  function by(id) { return document.getElementById(id); }

  /* The number of the last entry whose `field` is not beyond `value`; 0 before the first. */
  function before(list, field, value) {
    let found = 0;
    list.forEach(function (one, place) { if (one[field] <= value) found = place; });
    return found;
  }

  /* ---------- two clocks: board/replaying.py has the same ---------- */
  function across(value, from, to) {
    const marks = data.markers, place = before(marks, from, value), next = marks[place + 1];
    const there = marks[place][to] + value - marks[place][from];
    return Math.max(0, next ? Math.min(there, next[to]) : there);
  }

  function moment(media) { return across(media, 0, 1); }

  function media(time) { return across(time, 1, 0); }

  /* ---------- the board at a moment ---------- */
  function chapter(place) {
    const seq = chapters[place].seq;
    loaded[seq] = loaded[seq] || fetch(data.chapter.replace("{seq}", seq), { credentials: "same-origin" }).then(function (response) {
      if (!response.ok) throw new Error(response.status);
      return response.json();
    });
    return loaded[seq];
  }

  function show() {
    const place = before(chapters, "at", at), mine = ++wanted;
    clockwork(place);
    return chapter(place).then(function (part) {
      if (mine !== wanted) return;  // somebody has gone on meanwhile
      const events = part.events.filter(function (one) { return one.at <= at; });
      const state = events.reduce(window.mfRoom.reduce, part.state);
      const box = by("slide");
      box.dataset.seq = state.seq;
      draw.slide(box, data, state);
      drawn = { state: state, lines: strokes(part.ink, events) };
      ink();
      asked(draw.asked(state));
      fill(by("law"), draw.law(state.law) || []);
    }).catch(function () {
      delete loaded[chapters[place].seq];
      fill(by("now"), "这一段没有取到，请检查网络后再点一次");
    });
  }

  function strokes(first, events) {
    return events.reduce(function (all, one) {
      const d = one.data;
      if (one.kind === "ink.stroke") return all.concat(d);
      if (one.kind === "ink.undo") return all.filter(function (line) { return line.id !== d.id; });
      return one.kind === "ink.clear" ? all.filter(function (line) { return line.page !== d.page; }) : all;
    }, first);
  }

  function ink() {
    if (!drawn) return;
    const box = by("slide"), state = drawn.state, own = drawn.lines.filter(function (one) { return one.page === state.slide.page; });
    const paper = box.querySelector(".ink"), key = own.map(function (one) { return one.id; }).join();
    if (paper && (inked !== key || paper.childNodes.length !== own.length)) {
      fill(paper, []);
      own.forEach(function (one) { draw.ink(box, data, state, { kind: "ink.stroke", data: one }); });
      inked = key;
    }
  }

  function asked(now) {
    fill(by("asked"), now ? [el("p", "fw-bold", now.word + "：" + now.stem), now.shown || now.open ? draw.bars(now) : null] : []);
  }

  function clockwork(place) {
    const seconds = (at - start) / 1000, words = draw.clock(seconds) + " / " + draw.clock((end - start) / 1000);
    by("scrub").value = at - start;
    by("scrub").setAttribute("aria-valuetext", draw.clock(seconds));
    fill(by("time"), words);
    fill(by("now"), chapters[place].title);
    Array.from(by("chapters").querySelectorAll("a")).forEach(function (link) {
      const on = Number(link.dataset.seq) === chapters[place].seq;
      if (on) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    });
  }

  /* ---------- going on, by the recording or by the clock ---------- */
  function go(time, led) {
    at = Math.max(start, Math.min(end, Math.round(time)));
    since = Date.now();
    if (!led) cue();
    return show();
  }

  /* The take and the place in it that show this moment. */
  function cue() {
    if (!data.takes.length || !data.markers.length) return;
    const time = media(at), number = before(data.takes, "offset", time), inside = Math.max(0, (time - data.takes[number].offset) / 1000);
    if (number !== take) {
      take = number;
      video.src = data.takes[take].url;
      video.addEventListener("loadedmetadata", function () { video.currentTime = inside; }, { once: true });
      if (playing) video.play().catch(function () { return; });
    } else if (Math.abs(video.currentTime - inside) > 0.3) video.currentTime = inside;
  }

  function play(on) {
    playing = on && at < end;
    since = Date.now();
    by("play").setAttribute("aria-pressed", playing ? "true" : "false");
    fill(by("play"), playing ? "停" : "播放");
    if (take >= 0) { if (playing) video.play().catch(function () { return; }); else video.pause(); }
  }

  setInterval(function () {
    if (!playing || take >= 0) return;
    const time = at + (Date.now() - since) * Number(by("speed").value);
    go(time);
    if (time >= end) play(false);
  }, TICK);

  by("play").addEventListener("click", function () { play(!playing); });
  by("scrub").addEventListener("input", function () { go(start + Number(by("scrub").value)); });
  by("speed").addEventListener("change", function () { video.playbackRate = Number(by("speed").value); since = Date.now(); });
  by("chapters").addEventListener("click", function (event) {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(chapters.filter(function (one) { return one.seq === Number(link.dataset.seq); })[0].at);
  });
  video.addEventListener("timeupdate", function () {
    if (take >= 0 && !video.seeking) go(moment(data.takes[take].offset + video.currentTime * 1000), true);
  });
  ["play", "pause"].forEach(function (name) { video.addEventListener(name, function () { if (playing !== (name === "play")) play(name === "play"); }); });
  video.addEventListener("ended", function () {
    if (take + 1 < data.takes.length) { playing = true; go(moment(data.takes[take + 1].offset) + 1); }
  });

  /* The picture comes when it comes and brings empty paper. */
  new MutationObserver(ink).observe(by("slide"), { childList: true });
  by("scrub").max = end - start;
  by("bar").hidden = false;
  by("video-box").hidden = !data.takes.length || !data.markers.length;
  const first = by("chapters").querySelector("[aria-current]");
  go(first ? chapters.filter(function (one) { return one.seq === Number(first.dataset.seq); })[0].at : start);
  window.mfReplay = { moment: moment, media: media, data: data };
})();
