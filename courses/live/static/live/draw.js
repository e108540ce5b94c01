/* What all three screens draw alike: elements, marks, bars, a page of the slides with its ink, an article. */
window.mfDraw = (function () {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg", WIDTH = 1600, HEIGHT = 900, FULL = 65535;  // of a page, in units of the ink
  const CAPTION = 20000;  // milliseconds a typed line stays
  const PATIENCE = 10000;  // milliseconds before a picture is asked for again
  const KINDS = { single: "单选", multi: "多选", scale: "打分", cloud: "一个词", text: "简答" };

  function fill(node, children) {
    while (node.firstChild) node.removeChild(node.firstChild);
    [].concat(children).forEach(function (one) { if (one) node.appendChild(one.nodeType ? one : document.createTextNode(one)); });
    return node;
  }

  function el(tag, name, children) {
    const node = document.createElement(tag);
    if (name) node.className = name;
    return fill(node, children === undefined ? [] : children);
  }

  /* Drawn anew without taking the focus from whoever works in it: buttons with the same data-key are the same. */
  function redraw(box, children) {
    const active = document.activeElement, key = box.contains(active) ? active.dataset.key : "";
    fill(box, children);
    Array.from(box.querySelectorAll("[data-key]")).forEach(function (one) { if (key && one.dataset.key === key) one.focus(); });
  }

  function svg(tag, attributes, children) {
    const node = document.createElementNS(SVG, tag);
    Object.keys(attributes).forEach(function (name) { node.setAttribute(name, attributes[name]); });
    (children || []).forEach(function (one) { node.appendChild(one); });
    return node;
  }

  function icon(name) { return svg("svg", { "class": "lv-i", "aria-hidden": "true" }, [svg("use", { href: "#i-" + name })]); }

  function status(kind, mark, word) { return el("span", "mf-st is-" + kind, [icon(mark), word]); }

  function button(name, word, press) {
    const node = el("button", "btn " + name, word);
    node.type = "button";
    node.addEventListener("click", press);
    return node;
  }

  function letter(at) { return String.fromCharCode(65 + at); }

  function share(part, whole) { return whole ? (100 * part / whole).toFixed(1) + "%" : "—"; }

  function clock(seconds) {
    const left = Math.max(0, Math.round(seconds)), rest = left % 60;
    return Math.floor(left / 60) + ":" + (rest < 10 ? "0" : "") + rest;
  }

  /* One line an option; `counts` null: how many chose it is not shown. `right`: which are right, marked by shape and word. */
  function bars(asked) {
    const words = asked.counts && Array.isArray(asked.counts[0]), lines = asked.options;  // words: [word, heads]
    if (asked.said && asked.said.length) return el("ul", "lv-said", asked.said.map(function (one) { return el("li", "", one); }));
    if (words) return cloud(asked.counts);
    if (!lines.length) return el("p", "lv-none", asked.n ? "收到 " + asked.n + " 份，由主持人归纳" : "还没有人作答");
    const list = el("ul", "lv-bars" + (asked.counts ? "" : " is-plain"), lines.map(function (option, at) {
      const count = asked.counts ? asked.counts[at] || 0 : null, right = asked.correct.indexOf(at) >= 0;
      const row = el("li", right ? "is-right" : "", [el("span", "k", asked.kind === "scale" ? "" : letter(at)),
        el("span", "t", [option, right ? status("done", "done", "正确答案") : null]),
        count === null ? null : el("span", "n", [el("b", "", share(count, asked.n)), el("small", "", count + " 人")])]);
      if (count !== null) {
        row.appendChild(svg("svg", { "aria-hidden": "true", "class": "bar" }, [svg("rect", { "class": "track", width: "100%", height: "100%" }),
          svg("rect", { "class": "part", width: asked.n ? 100 * count / asked.n + "%" : "0", height: "100%" })]));
      }
      return row;
    }));
    return asked.kind === "scale" && asked.counts && asked.n ? el("div", "", [list, el("p", "lv-mean", ["平均 ", el("b", "", mean(asked))])]) : list;
  }

  function mean(asked) {
    return (asked.counts.reduce(function (sum, count, at) { return sum + count * (at + 1); }, 0) / asked.n).toFixed(1);
  }

  /* Words, the more often said the larger; the number beside each, because size alone tells not everybody. */
  function cloud(counts) {
    const most = counts[0][1];
    return el("ul", "lv-cloud", counts.map(function (one) {
      return el("li", "is-" + (most > 1 ? Math.ceil(5 * one[1] / most) : 2), [one[0], el("small", "", String(one[1]))]);
    }));
  }

  function born(one) { return one ? Number(String(one.id).slice(1)) || 0 : -1; }

  /* What is asked now, or was asked last; poll and quiz look alike from here on. `correct`: numbers of the right options. */
  function asked(state) {
    const quiz = state.quiz, poll = state.poll, isQuiz = Boolean(quiz && (quiz.open || !(poll && poll.open) && born(quiz) > born(poll)));
    const one = isQuiz ? quiz : poll;
    if (!one) return null;
    const shown = isQuiz ? !one.open : one.show !== "none";
    const kind = isQuiz ? one.type === "multiple" ? "multi" : "single" : one.kind;
    const n = !isQuiz ? one.n : kind === "single" ? one.counts.reduce(function (sum, count) { return sum + count; }, 0) : one.answered;
    return { id: one.id, quiz: isQuiz, kind: kind, stem: one.text, options: one.options, open: one.open, shown: shown,
      closes: isQuiz ? one.at + 1000 * one.seconds : one.closes_at, n: n, answered: isQuiz ? one.answered : one.n, of: one.of, said: !isQuiz && shown ? one.said || [] : [], law: isQuiz && shown ? one.law : null,
      counts: shown ? one.counts : null, live: one.counts, correct: isQuiz && one.correct ? right(one) : [], forVenues: !isQuiz && one.audience !== "all",
      word: isQuiz ? "答题" : "投票，" + KINDS[kind] };
  }

  /* "AC" → [0, 2]; a statement is T or F, its options are 正确 and 错误. */
  function right(quiz) {
    return quiz.correct.split("").map(function (one) { return quiz.type === "judge" ? "TF".indexOf(one) : one.charCodeAt(0) - 65; });
  }

  /* The address of a page's picture. With the deck's digest in it the browser may keep it for ever. */
  function address(data, state, number) {
    const deck = (state.decks || {})[state.slide.deck];
    return data.slides.replace("{deck}", encodeURIComponent(state.slide.deck)).replace("{page}", number) + (deck ? "?v=" + deck.sha.slice(0, 16) : "");
  }

  /* Where the trainer points, for a moment. */
  function point(box, hint) {
    let dot = box.querySelector(".dot");
    if (!dot) box.appendChild(dot = svg("svg", { "class": "dot", "aria-hidden": "true" }, [svg("circle", { r: "1.4%" })]));
    dot.firstChild.setAttribute("cx", 100 * hint.x / FULL + "%");
    dot.firstChild.setAttribute("cy", 100 * hint.y / FULL + "%");
    clearTimeout(dot.timer);
    dot.timer = setTimeout(function () { if (dot.parentNode) dot.parentNode.removeChild(dot); }, 1500);
  }

  /* The page stays until the next one is here: a slow line shows the old page, never an empty screen. */
  function slide(box, data, state) {
    const at = state.slide, deck = (state.decks || {})[at.deck], page = at.deck + "/" + at.page;
    const lay = function (content) {
      box.dataset.ink = page;
      fill(box, [content, svg("svg", { "class": "ink", viewBox: "0 0 " + WIDTH + " " + HEIGHT, "aria-hidden": "true" })]);
      inked(box, data, at);
    };
    if (box.dataset.page === page || box.dataset.failed === page && Date.now() < box.dataset.again) return;
    box.dataset.page = page;
    if (!at.deck || !data.slides) return lay(el("p", "lv-none", at.deck ? "第 " + at.page + " 页" : "这时没有课件"));
    const picture = new Image();
    picture.alt = "课件第 " + at.page + " 页";
    picture.onload = function () { if (box.dataset.page === page) lay(picture); };
    picture.onerror = function () {
      if (box.dataset.page !== page) return;
      if (!box.querySelector("img")) lay(el("p", "lv-none", "第 " + at.page + " 页的图还没有取到"));
      box.dataset.page = "";  // asked for again when something comes after a while
      box.dataset.failed = page;
      box.dataset.again = Date.now() + PATIENCE;
    };
    picture.src = address(data, state, at.page);
    if (deck && at.page < deck.pages) new Image().src = address(data, state, at.page + 1);
  }

  /* The strokes that stand on the page now; what was there before and is not among them was taken back meanwhile. */
  function inked(box, data, at) {
    const lines = function () { return Array.from(box.querySelectorAll(".ink > *")); }, before = lines();
    if (!data.ink) return;
    fetch(data.ink.replace("{page}", at.page), { credentials: "same-origin", headers: { "X-Live-Ticket": data.ticket } }).then(function (response) {
      return response.ok ? response.json() : null;
    }).then(function (reply) {
      if (!reply || box.dataset.ink !== at.deck + "/" + at.page) return;
      const strokes = reply.strokes || reply, ids = strokes.map(function (one) { return one.id; });
      before.forEach(function (one) { if (ids.indexOf(one.getAttribute("data-id")) < 0 && one.parentNode) one.parentNode.removeChild(one); });
      strokes.forEach(function (one) { stroke(box, one); });
    }).catch(function () { return; });
  }

  /* points: x, y of the first, then differences; 65535 is the whole width and the whole height. */
  function absolute(points) {
    return points.map(function (value, at, all) { return all[at] = value + (at > 1 ? all[at - 2] : 0); }).map(function (value, at) {
      return Math.round(value * (at % 2 ? HEIGHT : WIDTH) / FULL * 10) / 10;
    });
  }

  function stroke(box, one) {
    const paper = box.querySelector(".ink");
    if (!paper || paper.querySelector('[data-id="' + one.id + '"]')) return;
    paper.appendChild(svg("polyline", { "data-id": one.id, fill: "none", stroke: one.colour || "#8e2419", "stroke-width": one.width || 3,
      "stroke-linecap": "round", "stroke-linejoin": "round", points: absolute(one.points.slice()).join(" ") }));
  }

  function ink(box, data, state, event) {
    const d = event.data;
    if (event.kind === "snapshot") return inked(box, data, state.slide);
    if (d.page !== undefined && d.page !== state.slide.page) return;
    if (event.kind === "ink.stroke") stroke(box, d);
    const paper = box.querySelector(".ink");
    if (event.kind === "ink.clear" && paper) fill(paper, []);
    if (event.kind === "ink.undo" && paper) Array.from(paper.childNodes).forEach(function (one) { if (one.getAttribute("data-id") === d.id) paper.removeChild(one); });
  }

  /* A line that nobody follows up goes by itself: an old one would stand for what is said now. */
  function caption(state, now) { return state.caption && now - state.caption.to_ms < CAPTION ? state.caption.text : ""; }

  function pages(state) {
    const deck = (state.decks || {})[state.slide.deck];
    return deck ? deck.pages : 0;
  }

  function law(one) {
    if (!one) return null;
    return el("div", "lv-law", [one.text ? el("p", "txt", one.text) : null,
      el("p", "src", "《" + one.law + "》" + one.article + (one.revision ? "，" + one.revision : ""))]);
  }

  return { el: el, fill: fill, redraw: redraw, icon: icon, status: status, button: button, letter: letter, clock: clock, bars: bars, asked: asked,
    slide: slide, caption: caption, address: address, point: point, ink: ink, pages: pages, law: law, share: share };
})();
