/* The phone: what is asked now, the page of the slides, one's own questions. */
(function () {
  "use strict";
  const draw = window.mfDraw, el = draw.el, fill = draw.fill, data = JSON.parse(document.getElementById("room-data").textContent);
  const mine = data.answers || {}, sure = Object.assign({}, mine), kept = {}, refused = {}, asking = {}, voted = {};  // by id
  const WAITING = { draft: "还没有发布", scheduled: "还没有开始", lobby: "马上开始", paused: "暂停中", ended: "下课了", processing: "下课了", replay: "下课了，可以看回放", archived: "已归档", cancelled: "已取消" };
  let signed = [].concat(data.signed || []), hand = false, deckOpen = false, timer = 0, captioned = 0, room = null, online = true, over = false, said = null;

  const watching = data.role === "leader", HAND = data.role === "steward" ? "会场要发言" : "举手";

  function by(id) { return document.getElementById(id); }

  const sheet = by("sheet"), opener = by("ask-row"), steward = window.mfSteward && window.mfSteward(data, draw);

  /* ---------- the line ---------- */
  function line(now) {
    online = now.online;
    const words = !now.online ? ["attend", "off", now.left ? "离线，存下 " + now.left + " 条" : "离线"]
      : now.left ? ["attend", "wait", "补发中 " + now.left] : ["done", "done", "已同步"];
    const box = by("line"), text = words[2];
    if (over) return;
    if (box.textContent !== text) fill(box, draw.status.apply(null, words));
    // Read out only what matters: that the line is gone, and that it is back.
    if (said !== now.online) fill(by("line-said"), said === null ? "" : now.online ? "已连上" : "离线，答案存在本机");
    said = now.online;
    if (!room) return;
    foot(draw.asked(room.state()));
    if (online && deckOpen) draw.slide(by("slide"), data, room.state());
  }

  /* ---------- what is asked: until it is closed the last answer counts; each goes out by the button ---------- */
  function given(now) { return isWritten(now) ? sheet.querySelector("textarea").value.trim() : ticked(); }

  function isSent(now, choice) { return mine[now.id] !== undefined && String(mine[now.id]) === String(choice); }

  function give(now) {
    const choice = given(now);
    if (!choice.length) return fill(by("sheet-foot"), draw.status("attend", "attend", isWritten(now) ? "先写一句" : "先选一项"));
    if (isSent(now, choice)) return;
    mine[now.id] = choice;
    kept[now.id] = true;
    delete refused[now.id];
    remember(now.id);
    room.send("answer", isWritten(now) ? { id: now.id, text: choice } : { id: now.id, choice: choice }, "answer " + now.id);
    sender(now);
    foot(now);
  }

  /* The button is there while there is something to send. */
  function sender(now) {
    const open = now.open && !watching && sheet.querySelector("textarea, input"), done = mine[now.id] !== undefined;
    if (!open || done && (isSent(now, given(now)) || !given(now).length)) return fill(by("sheet-send"), []);
    const words = done ? "改为这个答案" : "送出答案", button = by("sheet-send").querySelector("button");
    if (!button || button.textContent !== words) fill(by("sheet-send"), draw.button("btn-primary btn-block", words, function () { give(draw.asked(room.state())); }));
  }

  /* That a vote without names was cast is known only here; what it was, not even here. */
  const store = "mf-given-" + data.training + "-" + data.person;

  function remembered() {
    try { return JSON.parse(localStorage.getItem(store)) || []; } catch (refusal) { return []; }
  }

  function remember(id) {
    if (remembered().indexOf(id) >= 0) return;
    try { localStorage.setItem(store, JSON.stringify(remembered().concat(id))); } catch (refusal) { return; }
  }

  /* Refused: the answer before stands, or there is none and the question may be answered again while it is open. */
  function unanswered(id, why) {
    const now = draw.asked(room.state());
    delete kept[id];
    refused[id] = why;
    if (sure[id] !== undefined) mine[id] = sure[id];
    else {
      delete mine[id];
      try { localStorage.setItem(store, JSON.stringify(remembered().filter(function (one) { return one !== id; }))); } catch (refusal) { return; }
    }
    if (now && now.id === id) question(now);
    foot(now);
  }

  function isWritten(now) { return now.kind === "text" || now.kind === "cloud"; }

  function ticked() { return Array.from(sheet.querySelectorAll("input:checked")).map(function (one) { return Number(one.value); }); }

  function option(now, at, word) {
    const input = el("input"), letter = el("span", "k", now.kind === "scale" ? "" : draw.letter(at));
    input.type = now.kind === "multi" ? "checkbox" : "radio";
    input.name = "choice";
    input.value = at;
    input.checked = (mine[now.id] || []).indexOf(at) >= 0;
    input.disabled = !now.open || watching;
    input.addEventListener("change", function () { sender(now); });
    letter.setAttribute("aria-hidden", "true");
    return el("label", "mf-opt", [input, letter, el("span", "", word)]);
  }

  function question(now) {
    const body = by("sheet-body"), parts = [el("p", "stem", now.stem)], open = now.open && !watching;
    fill(by("sheet-title"), now.word);
    fill(by("sheet-send"), []);
    if (!now.open && now.shown) return fill(body, [parts[0], draw.bars(now), draw.law(now.law)]);
    if (now.forVenues && data.role === "cadre") return fill(body, [parts[0], el("p", "lv-none", "这道题由会场统一作答，请告诉会场管理员")]);
    if (isWritten(now)) {
      const field = el("textarea", "form-control");
      field.rows = now.kind === "cloud" ? 1 : 4;
      field.maxLength = now.kind === "cloud" ? 12 : 200;
      field.setAttribute("aria-label", now.stem);
      field.value = mine[now.id] || "";
      field.disabled = !open;
      field.addEventListener("input", function () { sender(now); });
      parts.push(el("div", "lv-field", field));
    } else {
      parts.push(el("fieldset", "mf-opts" + (now.kind === "scale" ? " is-scale" : ""), [el("legend", "visually-hidden", now.stem)].concat(now.options.map(function (word, at) {
        return option(now, at, word);
      }))));
    }
    fill(body, parts);
    sender(now);
  }

  function foot(now) {
    if (!now) return;
    let words = watching ? el("span", "mf-quiet", "您在旁听，不作答") : null;
    if (refused[now.id]) words = draw.status("stop", "stop", refused[now.id]);
    else if (kept[now.id]) words = draw.status("attend", "wait", online ? "正在送出…" : "已存在本机，连上自动补发");
    else if (mine[now.id] !== undefined) words = draw.status("done", "done", "已收到");
    const parts = [words || el("span", "mf-quiet", now.open ? "还没有作答" : "没有作答"), el("span", "mf-quiet", !now.open ? "已收题" : watching ? "" : "收题前可以改")];
    // Filled anew only with news: it is read out.
    if (by("sheet-foot").textContent !== parts.map(function (one) { return one.textContent; }).join("")) fill(by("sheet-foot"), parts);
    row(now);
  }

  function row(now) {
    opener.hidden = !now;
    if (!now) return;
    const done = mine[now.id] !== undefined;
    fill(by("ask-word"), [el("b", "", now.word), el("span", "d", now.stem)]);
    fill(by("ask-go"), now.open ? (done ? "看我的答案" : "去作答") : "看结果");
    by("ask-go").className = "btn " + (now.open && !done ? "btn-primary" : "btn-outline");
  }

  /* One's own answers to the questions before, kept on this device. */
  const PAST = "mf-past-" + data.training + "-" + data.person, KEPT = 10;

  function pastOnes() {
    try { return JSON.parse(localStorage.getItem(PAST)) || []; } catch (refusal) { return []; }
  }

  function past(now) {
    let list = pastOnes();
    if (now && now.quiz && !now.open && now.correct.length && !list.some(function (one) { return one.id === now.id; })) {
      const words = function (places) { return places.map(function (at) { return now.options.length > 2 && places.length > 1 ? draw.letter(at) : now.options[at]; }).join("、"); };
      const own = mine[now.id] || [];
      list = [{ id: now.id, text: now.stem, answer: words(now.correct), own: words(own), right: String(own) === String(now.correct) }].concat(list).slice(0, KEPT);
      try { localStorage.setItem(PAST, JSON.stringify(list)); } catch (refusal) { list = list.slice(); }
    }
    const shown = list.filter(function (one) { return !now || one.id !== now.id; });
    by("past-title").hidden = by("past").hidden = !shown.length;
    fill(by("past"), shown.map(function (one) {
      return el("li", "keep", [el("div", "", [el("p", "t", one.text), el("p", "d", "答案：" + one.answer + (one.right ? "" : one.own ? "。您选了" + (/^[A-Z]/.test(one.own) ? " " : "") + one.own : "。您没有作答"))]),
        one.right ? draw.status("done", "done", "答对") : one.own ? draw.status("stop", "stop", "答错") : null]);
    }));
  }

  function showSheet(open) {
    if (sheet.hidden === !open) return;
    sheet.hidden = !open;
    document.body.classList.toggle("has-sheet", open);
    const typing = document.activeElement && document.activeElement.tagName === "TEXTAREA";
    if (open && !typing) by("sheet-title").focus();
    if (!open && !opener.hidden) by("ask-go").focus();
  }

  function countdown() {
    clearTimeout(timer);
    const now = draw.asked(room.state()), box = by("sheet-left"), meter = by("sheet-meter");
    const left = now && now.open && now.closes ? Math.max(0, Math.ceil((now.closes - room.now()) / 1000)) : null;
    fill(box, left === null ? "" : left > 90 ? "还有 " + draw.clock(left) : "还有 " + left + " 秒");
    meter.hidden = left === null;
    if (left !== null) {
      asking[now.id] = Math.max(asking[now.id] || 1, left);
      meter.querySelector(".part").setAttribute("width", 100 * left / asking[now.id] + "%");
      timer = setTimeout(countdown, 1000);
    }
  }

  /* ---------- the whole page ---------- */
  function drawn(state, before) {
    if (window.mfMedia) window.mfMedia.drawn(state);
    const now = draw.asked(state), old = before && draw.asked(before);
    if (!before || state.poll !== before.poll || state.quiz !== before.quiz) {
      const changed = !old || !now || old.id !== now.id || old.open !== now.open || !now.open;  // not by a sum: somebody is choosing
      if (now && changed) question(now);
      row(now);
      if (now) foot(now);
      if (!watching) past(now);
      if (!now) showSheet(false);
      else if (now.open && (!old || old.id !== now.id || !old.open) && (!before || mine[now.id] === undefined)) showSheet(true);
      countdown();
    }
    if (!before || state.notice !== before.notice) {
      const notice = state.notice && (!state.notice.venues.length || state.notice.venues.map(String).indexOf(String(data.venue)) >= 0) ? state.notice : null;
      by("notice").hidden = !notice;
      fill(by("notice"), [draw.icon("info"), el("div", "", [el("b", "", "通知　"), notice ? notice.text : ""])]);
    }
    if (!before || state.state !== before.state || state.reason !== before.reason || state.checkin !== before.checkin) {
      checkin(state);
      waits(state);
    }
    if (!before || state.hands !== before.hands || state.floor !== before.floor) hands(state);
    if (!before || state.law !== before.law) fill(by("law"), draw.law(state.law) || []);
    if (!before || state.slide !== before.slide || state.decks !== before.decks) deck(state);
    if (!before || state.caption !== before.caption) caption(state);
    if (!before || state.qa !== before.qa) questions(state);
    if (steward && before && state.venues !== before.venues) steward.drawn(state);
  }

  /* Signed in: in the round that is open; between rounds, in the one before. */
  function checkin(state) {
    const round = state.checkin, mine = !round || !round.venues.length || round.venues.map(String).indexOf(String(data.venue)) >= 0;
    const done = round ? signed.indexOf(round.round) >= 0 : signed.length > 0;
    by("checkin").hidden = !round || !mine || done;
    by("signed").hidden = !done;
  }

  function waits(state) {
    const word = WAITING[state.state], more = state.reason || (state.state === "lobby" && !by("checkin").hidden ? "请先签到" : "");
    by("state").hidden = !word;
    fill(by("state"), [draw.icon("wait"), el("div", "", [el("b", "", word || ""), more ? "，" + more : ""])]);
  }

  /* One device signs in one person a round. */
  function device() {
    try {
      const known = localStorage.getItem("mf-device") || window.mfRoom.key();
      localStorage.setItem("mf-device", known);
      return known;
    } catch (refusal) { return ""; }
  }

  function hands(state) {
    const me = String(data.person);
    const up = state.hands.some(function (one) { return String(one.who) === me; });
    hand = up || room && room.waiting().some(function (one) { return one.cmd === "hand.up"; });
    const floor = state.floor && String(state.floor.who) === me;
    by("hand").setAttribute("aria-pressed", hand ? "true" : "false");
    fill(by("hand").querySelector("span"), hand ? "放下手" : HAND);
    fill(by("floor"), floor ? [draw.icon("hand"), el("div", "", [el("b", "", "请您发言。"), "请用会场的话筒"])] : []);
    by("floor").hidden = !floor;
  }

  function deck(state) {
    fill(by("deck-page"), state.slide.deck ? "第 " + state.slide.page + (draw.pages(state) ? " / " + draw.pages(state) : "") + " 页" : "");
    if (deckOpen) draw.slide(by("slide"), data, state);
  }

  /* What is said, typed at a console, for those who cannot hear it. */
  function caption(state) {
    const words = draw.caption(state, room.now());
    clearTimeout(captioned);
    by("caption").hidden = !words;
    fill(by("caption"), words);
    if (words) captioned = setTimeout(function () { caption(room.state()); }, 1000);
  }

  function questions(state) {
    const list = state.qa.filter(function (one) { return one.status !== "new"; });
    draw.redraw(by("qa"), list.map(function (one) {
      const vote = draw.button("btn-outline btn-tight", (voted[one.id] ? "已算上您，" : "我也想问，") + one.votes + " 人", function () {
        if (!voted[one.id]) room.send("qa.vote", { id: one.id });
        voted[one.id] = true;
        questions(room.state());
      });
      vote.setAttribute("aria-pressed", voted[one.id] ? "true" : "false");
      vote.dataset.key = one.id;
      const facts = [data.names && data.names[one.venue] || "", one.pinned ? "正在回答" : one.status === "answered" ? "已回答" : ""].filter(Boolean).join("，");
      return el("li", "keep", [el("div", "", [el("p", "t", one.text), el("p", "d", facts)]), vote]);
    }));
    by("qa-none").hidden = list.length > 0;
  }

  /* ---------- tabs ---------- */
  const tabs = Array.from(document.querySelectorAll("[role=tab]"));

  function show(tab) {
    tabs.forEach(function (one) {
      const on = one === tab;
      one.setAttribute("aria-selected", on ? "true" : "false");
      one.tabIndex = on ? 0 : -1;
      by(one.getAttribute("aria-controls")).hidden = !on;
    });
    deckOpen = tab.id === "tab-deck";
    room.look(deckOpen);
    if (deckOpen) draw.slide(by("slide"), data, room.state());
    scrollTo(0, 0);
  }

  tabs.forEach(function (tab, at) {
    tab.addEventListener("click", function () { show(tab); });
    tab.addEventListener("keydown", function (event) {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(at + step + tabs.length) % tabs.length];
      show(next);
      next.focus();
    });
  });

  by("ask-go").addEventListener("click", function () { showSheet(true); });
  by("sheet-close").addEventListener("click", function () { showSheet(false); });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") showSheet(false); });
  by("to-ask").addEventListener("click", function () { show(by("tab-ask")); by("ask-text").focus(); });
  by("hand").addEventListener("click", function () {
    room.send(hand ? "hand.down" : "hand.up", {}, "hand");
    hand = !hand;
    fill(by("hand").querySelector("span"), hand ? "放下手" : HAND);
    by("hand").setAttribute("aria-pressed", hand ? "true" : "false");
  });
  by("ask-form").addEventListener("submit", function (event) {
    event.preventDefault();
    const text = by("ask-text").value.trim();
    if (!text) return fill(by("ask-said"), draw.status("attend", "attend", "先写问题"));
    room.send("qa.new", { text: text });
    by("ask-text").value = "";
    fill(by("ask-said"), draw.status("attend", "wait", "已存在本机，正在送出"));
  });
  by("checkin-form").addEventListener("submit", function (event) {
    event.preventDefault();
    const code = by("checkin-code").value.trim();
    if (!/^\d{4}$/.test(code)) return fill(by("checkin-said"), draw.status("attend", "attend", "口令是大屏上的 4 位数字"));
    sign(code);
  });

  function sign(code) {
    room.send("checkin", { code: code, device: device(), made_at: room.now() }, "checkin");
    fill(by("checkin-said"), draw.status("attend", "wait", "已存在本机，正在送出"));
  }


  room = window.mfRoom.open(data, {
    drawn: drawn, line: line,
    event: function (event, state) { if (deckOpen && /^(ink|snap)/.test(event.kind)) draw.ink(by("slide"), data, state, event); },
    acknowledged: function (item) {
      if (steward) steward.told(item, "");
      if (item.cmd === "answer") { delete kept[item.data.id]; sure[item.data.id] = item.data.choice || item.data.text; }
      if (item.cmd === "qa.new") fill(by("ask-said"), draw.status("done", "done", "已收到，主持人看过后上墙"));
      if (item.cmd === "checkin") { signed = signed.concat((room.state().checkin || {}).round); checkin(room.state()); waits(room.state()); }
      foot(draw.asked(room.state()));
    },
    refused: function (item, why) {
      if (steward) steward.told(item, why);
      if (item.cmd === "answer") unanswered(item.data.id, why);
      if (item.cmd === "qa.new") { fill(by("ask-said"), draw.status("stop", "stop", why)); if (!by("ask-text").value) by("ask-text").value = item.data.text; }
      if (item.cmd === "checkin") fill(by("checkin-said"), draw.status("stop", "stop", why));
      if (/^hand/.test(item.cmd)) hands(room.state());
    },
    hint: function (hint) { if (deckOpen && hint.kind === "pointer") draw.point(by("slide"), hint); },
    over: function (words) { over = true; by("over").hidden = false; fill(by("over"), [draw.icon("stop"), el("div", "", words)]); fill(by("line"), draw.status("stop", "stop", "已离开")); }
  });
  remembered().forEach(function (id) { if (mine[id] === undefined) mine[id] = []; });
  room.waiting().forEach(function (item) { if (item.cmd === "answer") { mine[item.data.id] = item.data.choice || item.data.text || []; kept[item.data.id] = true; } });
  if (steward) steward.begin(room);
  by("ask-form").hidden = by("act").hidden = watching;
  by("watching").hidden = !watching;
  const scanned = data.code || new URLSearchParams(location.search).get("code");
  if (scanned) {
    history.replaceState(null, "", location.pathname);  // a reload is not another sign-in
    sign(scanned);
  }
  drawn(data.state, null);
})();
