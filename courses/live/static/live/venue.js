/* The screen of a hall: nobody touches it. It keeps what it has when the line is gone and says so. */
(function () {
  "use strict";
  const draw = window.mfDraw, el = draw.el, fill = draw.fill, data = JSON.parse(document.getElementById("room-data").textContent);
  const SMALLER = ["", "is-long", "is-longer", "is-longest"];  // letters get smaller until the article or question fits
  const SCREENS = {
    draft: ["还没有发布", ""], scheduled: ["还没有开始", "开课前 30 分钟这里会自己打开"], lobby: ["马上开始", ""],
    ended: ["下课了", ""], processing: ["下课了", ""], replay: ["下课了", "没有到场的人可以在“我的任务”里补学"],
    archived: ["已归档", ""], cancelled: ["本次培训取消", ""]
  };
  const STEP = 10000;  // milliseconds a code is shown
  const TRIES = 5, AGAIN = 3000;  // of a picture that did not come; milliseconds
  const known = [], waiting = [];
  let loading = null, room = null, timer = 0, stripped = 0, shown = 0, result = "", online = true, over = "";

  function by(id) { return document.getElementById(id); }

  /* ---------- what fills the screen ---------- */
  function stage(state, before) {
    const now = draw.asked(state), screen = SCREENS[state.state];
    // Results stay until the trainer turns the page or takes them away.
    if (before && state.slide !== before.slide) result = "";
    else if (now && !now.open && now.shown && before && (state.poll !== before.poll || state.quiz !== before.quiz)) result = now.id;
    const ask = now && (now.open || now.shown && result === now.id) ? now : null;
    by("wait").hidden = !screen;
    by("asked").hidden = Boolean(screen) || !ask;
    by("deck").hidden = Boolean(screen) || Boolean(ask);
    if (screen) fill(by("wait-words"), [el("h2", "", data.title || ""), el("p", "big", screen[0]), el("p", "", state.reason || (state.checkin && state.state === "ended" ? "请扫码签退后离场" : state.checkin && state.state === "lobby" ? "请先扫码签到" : screen[1]))]);
    else if (ask) question(ask, state);
    draw.slide(by("slide"), data, state);
    band(state);
    law(state.law, Boolean(ask) && !screen);
    if (ask && !screen) fit(by("asked"));
  }

  /* Smaller letters until nothing is cut off; whether it fits then. */
  function fit(box) {
    return SMALLER.some(function (name) {
      SMALLER.forEach(function (one) { if (one) box.classList.toggle(one, one === name); });
      return box.scrollHeight <= box.clientHeight + 1;
    });
  }

  function question(now, state) {
    const words = now.open ? (now.of ? now.answered + " / " + now.of + " 人已答" : now.answered + " 人已答") : "已收题，" + now.answered + " 人作答";
    const written = now.kind === "text" || now.kind === "cloud";
    fill(by("asked-words"), [el("p", "k", [now.word + "，" + words, el("span", "left", "")]), el("h2", now.stem.length > 60 ? "is-long" : "", now.stem),
      written && !(now.shown && (now.said.length || now.kind === "cloud")) ? el("p", "say", now.open ? "请在手机上写" : now.shown ? "收到 " + now.n + " 份，由主持人归纳" : "") : draw.bars(now), draw.law(now.law)]);
    const rows = now.quiz && !now.open ? state.board : [];
    by("board").hidden = !rows.length;
    fill(by("board"), rows.length ? [el("h2", "", "各会场平均得分"), el("ol", rows.length > 12 ? "is-many" : "", rows.map(function (one) {
      const mine = String(one.venue) === String(data.venue);
      return el("li", mine ? "is-mine" : "", [el("span", "", (data.names || {})[one.venue] || "会场 " + one.venue), el("b", "", String(one.average))]);
    }))] : []);
    tick();
  }

  /* Whoever answers a question needs the whole width. */
  function law(one, asking) {
    by("law").hidden = !one || asking;
    fill(by("law"), one ? draw.law(one) : []);
    if (one && !fit(by("law"))) by("law").appendChild(el("p", "more", "条文较长，全文在手机上"));
  }

  /* One line over the strip: what matters most of pause, floor, notice and the question being answered. */
  function band(state) {
    const notice = state.notice && (!state.notice.venues.length || state.notice.venues.map(String).indexOf(String(data.venue)) >= 0) ? state.notice.text : "";
    const pinned = state.qa.filter(function (one) { return one.pinned; })[0];
    const words = state.state === "paused" ? ["暂停", state.reason || "请稍候，马上回来"] : state.floor ? ["发言", state.floor.holder]
      : notice ? ["通知", notice] : pinned ? ["回答", pinned.text + (pinned.venue ? "（" + ((data.names || {})[pinned.venue] || "") + "）" : "")] : null;
    by("band").hidden = !words;
    fill(by("band"), words ? [el("b", "", words[0]), el("span", "", words[1])] : []);
  }

  /* ---------- the side ---------- */
  function side(state) {
    const own = state.venues[data.venue] || {}, round = state.checkin;
    const here = round && (!round.venues.length || round.venues.map(String).indexOf(String(data.venue)) >= 0);
    by("sign").hidden = !here;
    fill(by("heads"), own.heads ? [el("p", "big", own.heads + " 人"), el("p", "", "到场")] : []);
    fill(by("signed"), own.roster ? "签到 " + (own.signed || 0) + " / " + own.roster : own.signed ? "签到 " + own.signed + " 人" : "");
  }

  function code(hint) {
    if (hint.code) shown = Date.now();
    if (hint.svg) {
      const picture = new Image();
      picture.alt = "签到二维码";
      picture.onload = function () { fill(by("qr"), picture); };
      picture.src = hint.svg;
    }
    const spoken = hint.spoken || hint.code;
    if (spoken) fill(by("spoken"), ["口令 ", el("b", "", spoken.split("").join(" "))]);
  }

  function tick() {
    clearTimeout(timer);
    const state = room.state(), now = draw.asked(state), left = document.querySelector("#asked .left");
    const until = now && now.open ? now.closes : null, clock = state.timer;
    if (left) fill(left, until ? "还有 " + draw.clock((until - room.now()) / 1000) : "");
    by("timer").hidden = !clock;
    if (clock) fill(by("timer"), [el("p", "big", draw.clock((clock.ends_at - room.now()) / 1000)), el("p", "", clock.text)]);
    if (until || clock) timer = setTimeout(tick, 1000);
  }

  /* What is said, typed at a console; the title when nobody types. */
  function strip(state) {
    const words = draw.caption(state, room.now());
    clearTimeout(stripped);
    fill(by("caption"), words || data.title || "");
    by("caption").className = words ? "" : "is-title";
    fill(by("caption-word"), words ? "字幕" : data.trainer ? data.trainer + "主讲" : "");
    if (words) stripped = setTimeout(function () { strip(room.state()); }, 1000);
  }

  function line(now) {
    online = now.online;
    by("off").hidden = online && !over;
    if (online && room) draw.slide(by("slide"), data, room.state());
    fill(by("off"), over ? [draw.icon("stop"), over] : [draw.icon("off"), "网络中断，正在重连"]);
    fill(by("line"), online ? [draw.icon("line4"), " 线路良好"] : [draw.icon("line1"), " 断线"]);
  }

  function drawn(state, before) {
    if (window.mfMedia) window.mfMedia.drawn(state);
    if (!before || ["state", "reason", "slide", "decks", "poll", "quiz", "board", "law", "notice", "qa", "floor", "checkin"].some(function (name) { return state[name] !== before[name]; })) stage(state, before);
    if (!before || state.venues !== before.venues || state.checkin !== before.checkin) side(state);
    if (!before || state.timer !== before.timer) tick();
    if (!before || state.decks !== before.decks) fetchAll(state);
    if (!before || state.caption !== before.caption) strip(state);
    const pages = draw.pages(state);
    fill(by("page"), pages && !by("deck").hidden ? state.slide.page + " / " + pages : "");
  }

  /* In the lobby every page is fetched, one after the other, so that no page has to be waited for in the class. */
  function fetchAll(state) {
    Object.keys(state.decks).forEach(function (deck) {
      for (let page = 1; page <= state.decks[deck].pages; page++) {
        const address = draw.address(data, { slide: { deck: deck }, decks: state.decks }, page);
        if (known.indexOf(address) < 0) { known.push(address); waiting.push({ address: address, tries: 0 }); }
      }
    });
    if (!loading) another();
  }

  function another() {
    const one = waiting.shift(), picture = loading = one ? new Image() : null;
    if (!one) return;
    picture.onload = another;
    picture.onerror = function () {
      one.tries++;
      if (one.tries < TRIES) waiting.push(one);
      setTimeout(another, AGAIN);
    };
    picture.src = one.address;
  }

  /* A projector that falls asleep is an empty hall. */
  function awake() { if (navigator.wakeLock && !document.hidden) navigator.wakeLock.request("screen").catch(function () { return; }); }
  document.addEventListener("visibilitychange", awake);
  awake();

  room = window.mfRoom.open(data, {
    drawn: drawn, line: line,
    event: function (event, state) { if (/^(ink|snap)/.test(event.kind)) draw.ink(by("slide"), data, state, event); },
    acknowledged: function () { return; }, refused: function () { return; },
    hint: function (hint) {
      if (hint.kind === "qr") code(hint);
      if (hint.kind === "pointer") draw.point(by("slide"), hint);
    },
    over: function (words) { over = words; line({ online: false }); }
  });
  /* Without a socket nobody tells the screen the next picture: it asks by the clock. */
  setInterval(function () {
    if (data.qr && !by("sign").hidden && Date.now() - shown > 1.5 * STEP) code({ svg: data.qr + "?step=" + Math.floor(room.now() / STEP) });
  }, STEP);
  drawn(data.state, null);
})();
