/* What the trainer has beside the page: notes, pages to jump to, prepared questions, written answers, articles to look up,
   captions typed by hand, the pointer. mfTeach(data, room, on) where on = {venue(id), close(), said(form, words)}. */
window.mfTeach = function (data, room, on) {
  "use strict";
  const draw = window.mfDraw, el = draw.el, fill = draw.fill;
  const FULL = 65535, EVERY = 125, PAUSE = 400, MOST = 12;  // milliseconds between two places; of typing; answers on the screen
  let desk = { decks: data.decks || [], pages: data.pages || {}, prepared: data.prepared || [] };
  let pointing = false, last = 0, typing = 0, chosen = [], read = { id: "", at: "", list: [] };

  function by(id) { return document.getElementById(id); }

  function get(address) {
    return fetch(data.desk + address, { credentials: "same-origin" }).then(function (response) {
      if (!response.ok) throw new Error(response.status);
      return response.json();
    });
  }

  /* ---------- notes, the next page, jumping ---------- */
  function facts(state, number) { return (desk.pages[state.slide.deck] || [])[number - 1] || {}; }

  function page(state) {
    const at = state.slide.page, pages = draw.pages(state), more = pages && at < pages, title = more ? facts(state, at + 1).title : "";
    fill(by("next-word"), more ? ["下一页", title ? el("b", "d-block text-body", title) : "，第 " + (at + 1) + " 页"] : pages ? "这是最后一页" : "下一页");
    fill(by("notes"), facts(state, at).notes || "这一页没有备注");
    jumps(state);
  }

  function jumps(state) {
    const list = desk.decks.filter(function (one) { return (state.decks[one.key] || {}).pages; }), box = by("jump");
    by("jump-row").hidden = !list.length;
    const key = JSON.stringify([list, desk.pages]);
    if (box.dataset.drawn !== key) {
      box.dataset.drawn = key;
      fill(box, list.map(function (deck) {
        const group = el("optgroup");
        group.label = deck.name;
        for (let number = 1; number <= deck.pages; number++) {
          const option = el("option", "", number + "　" + ((desk.pages[deck.key] || [])[number - 1] || {}).title);
          option.value = deck.key + "/" + number;
          group.appendChild(option);
        }
        return group;
      }));
    }
    box.value = state.slide.deck + "/" + state.slide.page;
  }

  by("jump").addEventListener("change", function () {
    const to = by("jump").value.split("/");
    room().send("slide.goto", { deck: to[0], page: Number(to[1]), step: 0 }, "page");
    by("jump").blur();  // the arrows turn pages again
  });

  /* ---------- what was prepared ---------- */
  function following() { return desk.prepared.filter(function (one) { return !one.asked; })[0]; }

  function prepared() {
    const one = following(), left = desk.prepared.filter(function (each) { return !each.asked; }).length;
    by("prepared").hidden = !desk.prepared.length;
    by("prepared").disabled = !one;
    fill(by("prepared-word"), one ? "备好的题，还有 " + left + " 道" : "备好的题都问过了");
    fill(by("prepared-next"), one ? "下一道：" + one.text : "");
    by("prepared-next").hidden = !one;
  }

  by("prepared").addEventListener("click", function () {
    const one = following();
    if (!one) return;
    if (one.kind === "quiz") room().send("quiz.open", { question_ref: one.question, seconds: one.seconds || 60, prepared: one.id }, "prepared");
    else room().send("poll.open", { kind: one.kind, text: one.text, options: one.options, anonymous: one.anonymous, seconds: one.seconds, audience: "all", prepared: one.id }, "prepared");
  });

  /* ---------- written answers: the trainer reads all, the room what the trainer has chosen ---------- */
  function written(now) {
    if (!now || now.kind !== "text" || now.quiz) return null;
    if (read.id !== now.id) { read = { id: now.id, at: "", list: [] }; chosen = now.said.slice(); }
    const at = now.answered + (now.open ? "" : " closed");  // one that was changed meanwhile is read when it is closed
    if (read.at !== at) {
      read.at = at;
      get("written/" + now.id + "/").then(function (reply) {
        if (read.id === now.id) { read.list = reply.written; fill(box, lines(now)); }
      }).catch(function () { read.at = ""; });
    }
    const box = el("ul", "lv-written", lines(now));
    return box;
  }

  function lines(now) {
    return read.list.map(function (one, at) {
      const input = el("input", "form-check-input"), label = el("label", "form-check-label", [one.text, el("small", "d", on.venue(one.venue))]);
      input.type = "checkbox";
      input.id = label.htmlFor = "written-" + at;
      input.checked = chosen.indexOf(one.text) >= 0;
      input.disabled = !input.checked && chosen.length >= MOST;
      input.dataset.key = "written" + at;
      input.addEventListener("change", function () {
        chosen = chosen.filter(function (text) { return text !== one.text; }).concat(input.checked ? one.text : []);
        const state = draw.asked(room().state());
        if (state && state.id === now.id && !state.open) room().send("poll.show", { id: now.id, what: chosen.length ? "answer" : "none", said: chosen }, "said");
      });
      return el("li", "form-check", [input, label]);
    });
  }

  /* ---------- an article to look up ---------- */
  function look() {
    const typed = by("law-q").value.trim();
    if (!typed) return fill(by("law-found"), []);
    get("articles/?q=" + encodeURIComponent(typed)).then(function (reply) {
      if (by("law-q").value.trim() !== typed) return;
      on.said("law-form", reply.articles.length ? "" : "没有找到。换几个字，或写“行政复议法 20”");
      fill(by("law-found"), reply.articles.map(function (one) {
        const name = "《" + one.law + "》" + one.article;
        const show = draw.button("btn-outline btn-tight", "显示", function () {
          room().send("law.show", { law: one.law, article: one.article }, "law");
          on.close();
        });
        show.setAttribute("aria-label", "显示" + name);
        return el("li", "keep", [el("div", "", [el("p", "t", name), el("p", "d", one.edition + " 版　" + one.text)]), show]);
      }));
    }).catch(function () { on.said("law-form", "现在查不到，请检查网络后再试"); });
  }

  by("law-q").addEventListener("input", function () { clearTimeout(typing); typing = setTimeout(look, PAUSE); });
  by("law-form").addEventListener("submit", function (event) { event.preventDefault(); clearTimeout(typing); look(); });

  /* ---------- captions: whoever sits at a console types what is said, line after line; the form stays open ---------- */
  let typedFrom = 0;

  by("caption-text").addEventListener("input", function () { if (!typedFrom) typedFrom = room().now(); });
  by("caption-form").addEventListener("submit", function (event) {
    event.preventDefault();
    const words = by("caption-text").value.trim(), state = room().state().state, now = Math.round(room().now());
    if (state !== "live" && state !== "paused") return on.said("caption-form", "上课以后才能上字幕");
    if (!words) return on.said("caption-form", "先写一句");
    on.said("caption-form", "");
    room().send("caption", { from_ms: Math.round(typedFrom || now), to_ms: now, text: words, final: true });
    by("caption-text").value = "";
    typedFrom = 0;
  });
  by("caption-off").addEventListener("click", function () {
    const now = Math.round(room().now());
    if (room().state().caption) room().send("caption", { from_ms: now, to_ms: now, text: "", final: true });
  });

  function caption(state) {
    fill(by("caption-now"), state.caption ? "大屏上：" + state.caption.text : "大屏上现在没有字幕");
    by("caption-off").disabled = !state.caption;
  }

  /* ---------- the pointer: a hint of the moment, eight times a second at most ---------- */
  by("pointer").addEventListener("click", function () {
    pointing = !pointing;
    by("pointer").setAttribute("aria-pressed", pointing ? "true" : "false");
    by("slide").classList.toggle("is-pointing", pointing);
  });
  by("slide").addEventListener("pointermove", function (event) {
    if (!pointing || Date.now() - last < EVERY) return;
    last = Date.now();
    const edge = by("slide").getBoundingClientRect(), share = function (part, whole) { return Math.round(Math.max(0, Math.min(1, part / whole)) * FULL); };
    const where = { x: share(event.clientX - edge.left, edge.width), y: share(event.clientY - edge.top, edge.height) };
    draw.point(by("slide"), where);
    room().point(where);
  });

  /* ---------- what is told from elsewhere ---------- */
  function fetchDesk() {
    get("").then(function (reply) { desk = reply; page(room().state()); prepared(); }).catch(function () { return; });
  }

  window.addEventListener("focus", fetchDesk);  // somebody may have prepared more in another window

  return {
    page: page, prepared: prepared, written: written, caption: caption,
    event: function (event) {
      if (/^(snapshot|slide\.deck)$/.test(event.kind)) fetchDesk();
      if (/^(poll|quiz)\.open$/.test(event.kind)) {
        desk.prepared.forEach(function (one) { if (one.id === event.data.prepared) one.asked = true; });
        prepared();
      }
    }
  };
};
