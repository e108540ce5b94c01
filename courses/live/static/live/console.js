/* The trainer's desk: the page, one thing to do next, the halls, questions and hands. All of it works from the keyboard. */
(function () {
  "use strict";
  const draw = window.mfDraw, el = draw.el, fill = draw.fill, data = JSON.parse(document.getElementById("room-data").textContent);
  const names = data.names || {}, NEXT = { scheduled: ["lobby", "开门，让会场签到"], lobby: ["live", "开始上课"], paused: ["live", "继续上课"] };
  const WORDS = { draft: "还没有发布", scheduled: "还没有开始", lobby: "候课", live: "上课中", paused: "暂停", ended: "下课了", processing: "正在整理", replay: "可以看回放", archived: "已归档", cancelled: "已取消" };
  let teach = null, merging = "", room = null, want = null, keys = true, timer = 0, lag = 0, line = { online: true, left: 0 }, action = null;

  function by(id) { return document.getElementById(id); }

  function venue(id) { return id ? names[id] || "会场 " + id : "单独参加"; }

  function send(cmd, payload, instead) { room.send(cmd, payload, instead); }

  function keyed(key, node) { node.dataset.key = key; return node; }

  /* ---------- pages ---------- */
  function turn(step) {
    const state = room.state(), pages = draw.pages(state), from = want || state.slide.page, to = from + step;
    if (!state.slide.deck && pages === 0) return;
    if (to < 1 || to > pages) return;
    want = to;
    send("slide.goto", { deck: state.slide.deck, page: to, step: 0 }, "page");
    fill(by("page"), to + " / " + pages);
  }

  function page(state) {
    const pages = draw.pages(state), at = state.slide.page;
    if (want === at) want = null;
    draw.slide(by("slide"), data, state);
    fill(by("page"), pages ? at + " / " + pages : "");
    by("previous").disabled = at <= 1;
    by("next").disabled = at >= pages;
    const more = pages && at < pages;
    draw.slide(by("slide-next"), Object.assign({}, data, { ink: "" }), more ? { slide: { deck: state.slide.deck, page: at + 1 }, decks: state.decks } : { slide: {} });
    teach.page(state);
  }

  /* ---------- the one big thing to do ---------- */
  function next(state) {
    const now = draw.asked(state), turned = NEXT[state.state];
    if (turned) return { word: turned[1], icon: "next", run: function () { send("session.state", { to: turned[0], reason: "" }); } };
    if (state.state !== "live") return null;
    if (now && now.open) return { word: now.quiz ? "收题并公布答案" : "收题", icon: "stop", run: function () { send(now.quiz ? "quiz.close" : "poll.close", { id: now.id }); } };
    if (now && !now.quiz && !now.shown && now.kind !== "text") return { word: "公布结果", icon: "line4", run: function () { send("poll.show", { id: now.id, what: "counts" }); } };
    if (draw.pages(state) > state.slide.page) return { word: "下一页", icon: "next", run: function () { turn(1); } };
    return { word: "下课", icon: "stop", run: finish };
  }

  function big(state) {
    action = next(state);
    by("big").hidden = !action;
    if (action) fill(by("big"), [draw.icon(action.icon), action.word, el("kbd", "", "回车")]);
    by("pause").hidden = state.state !== "live";
    by("finish").hidden = ["live", "paused"].indexOf(state.state) < 0;
  }

  function finish() { tool("finish-form"); }

  /* ---------- what is asked ---------- */
  function asked(state) {
    const now = draw.asked(state), box = by("asked");
    box.hidden = !now;
    if (!now) return;
    const live = Object.assign({}, now, { counts: now.quiz && now.open ? null : now.live });
    const buttons = now.open || now.quiz || now.kind === "text" ? [] : [keyed("show", draw.button("btn-outline btn-tight", now.shown ? "从大屏收起" : "公布结果", function () {
      send("poll.show", { id: now.id, what: now.shown ? "none" : "counts" });
    }))];
    draw.redraw(box, [el("div", "mf-between", [el("h2", "h3", now.word + (now.open ? "，作答中" : "，已收题")), el("b", "h3 mf-num left", "")]),
      el("p", "mf-small mf-quiet mb-2", now.stem + "　" + (now.of ? now.answered + " / " + now.of + " 人已答" : now.answered + " 人已答")), now.kind === "text" ? null : draw.bars(live), teach.written(now),
      el("p", "mf-mini mf-quiet mt-2", now.kind === "text" ? (now.open ? "收题后勾选的回答显示在大屏上" : "勾选的回答显示在大屏和手机上") : now.open ? "会场大屏收题后才显示结果" : now.shown ? "大屏上有结果" : "大屏上还没有结果")].concat(buttons));
    tick();
  }

  function tick() {
    clearTimeout(timer);
    const now = draw.asked(room.state()), left = document.querySelector("#asked .left"), clock = room.state().timer;
    if (left) fill(left, now && now.open && now.closes ? draw.clock((now.closes - room.now()) / 1000) : "");
    fill(by("clock"), clock ? "计时 " + draw.clock((clock.ends_at - room.now()) / 1000) : "");
    timer = setTimeout(tick, 1000);
  }

  /* ---------- halls ---------- */
  function sum(list) { return list.reduce(function (all, one) { return all + (typeof one === "number" ? one : one[1]); }, 0); }

  function tile(id, one, now, running, began, signing) {
    const answered = now && now.open && now.byVenue ? sum(now.byVenue[id] || []) : null;
    let kind = "", mark = "line4", word = answered === null ? "签到 " + one.signed + " / " + one.roster : answered + " / " + (one.signed || one.roster) + " 人已答";
    if (running && !one.screen && !began) { mark = "line1"; word = "大屏没有打开"; }
    else if (running && !one.screen) { kind = "is-stop"; mark = "stop"; word = "大屏断线"; }
    else if (one.quality === "poor") { kind = "is-attend"; mark = "line1"; word = "线路差"; }
    else if (one.heads && one.signed > one.heads) { kind = "is-attend"; mark = "person"; word = "多签 " + (one.signed - one.heads) + " 人"; }
    else if (one.heads && one.signed < one.heads && running && answered === null && !signing) { kind = "is-attend"; mark = "person"; word = "少签 " + (one.heads - one.signed) + " 人"; }
    return el("li", "lv-tile " + kind, [draw.icon(mark), named(venue(id).replace(/会场$/, "")), el("span", "", [el("strong", "", one.heads ? String(one.heads) : "—"), " 人到场"]), el("span", "", word)]);
  }

  /* Long names end after two lines; the whole one is in the title. */
  function named(name) {
    const node = el("b", "", name);
    node.title = name;
    return node;
  }

  function halls(state) {
    const none = { online: 0, screen: false, heads: 0, signed: 0, roster: 0, quality: "" }, poll = state.poll, now = draw.asked(state);
    const ids = data.halls.map(String).concat(Object.keys(state.venues).filter(function (id) { return !names[id]; }));
    const all = ids.map(function (id) { return Object.assign({}, none, state.venues[id]); });
    const total = function (name) { return all.reduce(function (count, one) { return count + one[name]; }, 0); };
    if (now) now.byVenue = now.quiz ? null : poll.by_venue;
    const running = ["lobby", "live", "paused"].indexOf(state.state) >= 0;
    fill(by("halls-title"), ids.length + " 个会场，" + all.filter(function (one) { return one.screen; }).length + " 个在线");
    fill(by("halls-sum"), "到场 " + total("heads") + " 人，签到 " + total("signed") + " 人" + (now && now.open ? "，已答 " + now.answered + " 人" : ""));
    fill(by("halls"), ids.map(function (id, at) { return tile(id, all[at], now, running, state.state !== "lobby", state.checkin); }));
  }

  /* ---------- questions, hands ---------- */
  function questions(state) {
    const rank = function (one) { return one.pinned ? 0 : one.status === "new" ? 1 : one.status === "approved" ? 2 : 3; };
    const list = state.qa.slice().sort(function (a, b) { return rank(a) - rank(b) || b.votes - a.votes; });
    const open = list.filter(function (one) { return one.status !== "answered"; });
    fill(by("qa-title"), "提问 " + open.length);
    if (!open.some(function (one) { return one.id === merging; })) merging = "";
    draw.redraw(by("qa"), open.map(function (one) {
      const act = function (cmd, word, name) { return keyed(cmd + one.id, draw.button("btn-tight " + (name || "btn-plain"), word, function () { send(cmd, { id: one.id }); })); };
      const buttons = one.status === "new" ? [act("qa.approve", "上墙", "btn-outline"), act("qa.hide", "不上墙")]
        : one.pinned ? [act("qa.answered", "已回答", "btn-outline"), act("qa.hide", "撤下")] : [act("qa.pin", "回答", "btn-outline"), act("qa.answered", "课后答"), act("qa.hide", "撤下")];
      const into = keyed("merge" + one.id, draw.button("btn-tight btn-plain", !merging ? "合并" : merging === one.id ? "不合并了" : "并入这条", function () { merge(one.id); }));
      if (open.length > 1) buttons.push(into);
      return el("li", one.pinned ? "is-pinned" : merging === one.id ? "is-merging" : "", [el("p", "t", one.text), el("p", "d", [venue(one.venue), one.shown ? "，" + one.shown : "", one.votes ? "，" + one.votes + " 人想问" : "",
        one.status === "new" ? "，等您看" : one.pinned ? "，正在回答" : "，已上墙"].join("")), el("div", "mf-cluster", buttons)]);
    }));
    by("qa-none").hidden = open.length > 0;
  }

  /* Two presses: the one that goes, then the one it goes into; its votes go along. */
  function merge(id) {
    if (merging && merging !== id) send("qa.merge", { id: merging, into: id });
    merging = merging ? "" : id;
    questions(room.state());
  }

  function hands(state) {
    fill(by("hands-title"), "举手 " + state.hands.length);
    draw.redraw(by("hands"), state.hands.map(function (one) {
      return el("li", "keep", [el("div", "", [el("p", "t", one.name), el("p", "d", venue(one.venue) + (one.lane ? "，已请发言" : ""))]), el("div", "mf-cluster", [
        keyed("call" + one.who, draw.button("btn-outline btn-tight", "请发言", function () { send("floor", { holder: (one.venue ? venue(one.venue) + " " : "") + one.name, who: one.who, until: null, venue: one.venue }); })),
        keyed("down" + one.who, draw.button("btn-plain btn-tight", "放下", function () { send("hand.down", { who: one.who }); }))])]);
    }));
    by("hands-none").hidden = state.hands.length > 0;
    by("floor").hidden = !state.floor;
    draw.redraw(by("floor"), state.floor ? [el("p", "", [el("b", "", "正在发言　"), state.floor.holder]), keyed("floor", draw.button("btn-outline btn-tight", "收回话筒", function () { send("floor", { holder: null, who: null, until: null }); }))] : []);
  }

  /* ---------- state line ---------- */
  function told(now) {
    line = now || line;
    const off = by("off");
    off.hidden = line.online;
    const left = line.left;
    fill(off, [draw.icon("off"), el("span", "", ["网络中断，正在重连。", left ? left + " 步已存在本机，连上自动补发。" : "", "会场大屏停在最后收到的一页。"])]);
    fill(by("line"), !line.online ? "离线" : left ? "补发中 " + left : lag ? "本机延迟 " + lag + " 毫秒" : "已连接");
  }

  function status(state) {
    fill(by("status"), [WORDS[state.state] || state.state, state.reason ? "，" + state.reason : ""]);
    by("status").className = "lv-status" + (state.state === "live" ? " is-live" : "");
    fill(by("sign-word"), state.checkin ? "结束签到" : "签到");
    fill(by("law-word"), state.law ? "收起条文" : "法条");
    by("notice-now").hidden = !state.notice;
    draw.redraw(by("notice-now"), state.notice ? [el("p", "", [el("b", "", "通知在屏幕上　"), state.notice.venues.length ? "（" + state.notice.venues.map(venue).join("、") + "）" : "", state.notice.text]), keyed("notice", draw.button("btn-outline btn-tight", "撤下通知", function () { send("session.notice", { text: "", level: "info" }); }))] : []);
  }

  function drawn(state, before) {
    if (window.mfStudio) window.mfStudio.drawn(state);
    const changed = function () { return !before || Array.from(arguments).some(function (name) { return state[name] !== before[name]; }); };
    if (changed("slide", "decks")) page(state);
    if (changed("poll", "quiz")) asked(state);
    if (changed("venues", "poll", "quiz", "state")) halls(state);
    if (changed("qa")) questions(state);
    if (changed("hands", "floor")) hands(state);
    if (changed("caption")) teach.caption(state);
    if (changed("state", "reason", "checkin", "law", "notice")) status(state);
    if (changed("state", "poll", "quiz", "slide", "decks")) big(state);
    if (changed("law")) fill(by("law-now"), draw.law(state.law) || []);
  }

  /* ---------- tools: one form at a time, under the buttons ---------- */
  const forms = Array.from(document.querySelectorAll(".lv-tool"));

  function tool(id) {
    forms.forEach(function (form) {
      const open = form.id === id && form.hidden;
      form.hidden = !open;
      const opener = document.querySelector('[aria-controls="' + form.id + '"]');
      if (opener) opener.setAttribute("aria-expanded", open ? "true" : "false");
      if (open) form.querySelector("input, textarea, select, button").focus();
    });
  }

  function said(id, wrong) { fill(by(id).querySelector(".said"), wrong ? draw.status("stop", "stop", wrong) : []); }

  function form(id, run) {
    by(id).addEventListener("submit", function (event) {
      event.preventDefault();
      const values = {};
      Array.from(event.target.elements).forEach(function (one) { if (one.name) values[one.name] = one.value.trim(); });
      const wrong = run(values);
      said(id, wrong);
      if (wrong) return;
      event.target.reset();
      tool("");
    });
  }

  form("poll-form", function (values) {
    const written = values.kind === "cloud" || values.kind === "text", options = values.options.split("\n").map(function (one) { return one.trim(); }).filter(Boolean);
    if (!values.text) return "先写要问的话";
    if (!written && values.kind !== "scale" && options.length < 2) return "至少写两个选项，一行一个";
    if (options.length > 12) return "选项最多 12 个，现在有 " + options.length + " 个";
    send("poll.open", { kind: values.kind, text: values.text, options: written ? [] : options, anonymous: true, seconds: Number(values.seconds) || null, audience: "all" });
  });
  form("quiz-form", function (values) {
    if (!/^\d+$/.test(values.question)) return "先选一道题";
    send("quiz.open", { question_ref: Number(values.question), seconds: Number(values.seconds) || 60 });
  });
  form("notice-form", function (values) {
    if (!values.text) return "先写通知的内容";
    send("session.notice", { text: values.text, level: "info", venues: values.venue ? [Number(values.venue)] : [] });
  });
  Object.keys(names).forEach(function (id) {
    const option = el("option", "", names[id]);
    option.value = id;
    by("notice-venue").appendChild(option);
  });
  form("sign-form", function (values) { send("checkin.open", { kind: values.kind, seconds: Number(values.seconds) }); });
  form("mark-form", function (values) {
    if (!values.text) return "先写书签的名字";
    send("mark", { text: values.text });
  });
  form("timer-form", function (values) {
    const minutes = Number(values.minutes);
    send("timer", { ends_at: minutes ? Math.round(room.now() + 60000 * minutes) : null, text: values.text });
  });
  form("pause-form", function (values) { send("session.state", { to: "paused", reason: values.reason }); });
  form("finish-form", function () { send("session.state", { to: "ended", reason: "" }); });

  Array.from(document.querySelectorAll("[aria-controls]")).forEach(function (opener) {
    opener.addEventListener("click", function () {
      const state = room.state(), id = opener.getAttribute("aria-controls");
      if (id === "sign-form" && state.checkin) return send("checkin.close", {});
      if (id === "law-form" && state.law) return send("law.show", { law: "", article: "" });
      tool(id);
    });
  });
  Array.from(document.querySelectorAll("[data-close]")).forEach(function (one) { one.addEventListener("click", function () { tool(""); }); });
  by("previous").addEventListener("click", function () { turn(-1); });
  by("next").addEventListener("click", function () { turn(1); });
  by("big").addEventListener("click", function () { if (action) action.run(); });

  /* ---------- keyboard ---------- */
  by("keys").addEventListener("click", function () {
    keys = !keys;
    by("keys").setAttribute("aria-pressed", keys ? "true" : "false");
    fill(by("keys"), keys ? "快捷键已打开" : "快捷键已关闭");
  });
  const PRESSED = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
  document.addEventListener("keydown", function (event) {
    const at = event.target, writing = /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) && at.type !== "checkbox";
    if (event.key === "Escape") return tool("");
    if (!keys || writing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (PRESSED[event.key]) { event.preventDefault(); return turn(PRESSED[event.key]); }
    if (event.key === "Enter" && !/^(BUTTON|A|SUMMARY)$/.test(at.tagName) && action && !event.repeat) { event.preventDefault(); return action.run(); }
    const opener = document.querySelector('[data-letter="' + event.key.toUpperCase() + '"]');
    if (opener && !event.repeat) { event.preventDefault(); opener.click(); }
  });

  teach = window.mfTeach(data, function () { return room; }, { venue: venue, said: said, close: function () { tool(""); } });
  room = window.mfRoom.open(data, {
    drawn: drawn, line: told,
    event: function (event, state) { if (/^(ink|snap)/.test(event.kind)) draw.ink(by("slide"), data, state, event); teach.event(event); },
    acknowledged: function (item) {
      lag = Math.max(1, room.now() - item.at);
      if (line.online) told(null);
      by("refused").hidden = true;
    },
    refused: function (item, why) {
      want = null;
      page(room.state());
      by("refused").hidden = false;
      fill(by("refused"), [draw.icon("attend"), el("span", "", why)]);
    },
    hint: function () { return; },
    over: function (words) { by("refused").hidden = false; fill(by("refused"), [draw.icon("stop"), el("span", "", words)]); }
  });
  if (window.mfInk) window.mfInk(by("slide"), by("pen"), room, data);
  teach.prepared();
  drawn(data.state, null);
})();
