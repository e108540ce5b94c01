/* The venue steward's part of the phone: heads in the hall, and the roster for those who have no phone.
   mfSteward(data, draw) → {begin(room), drawn(state), told(item, why)} */
window.mfSteward = function (data, draw) {
  "use strict";
  const el = draw.el, fill = draw.fill, PAUSE = 2000;  // milliseconds between two looks at the roster
  let room = null, roster = data.roster || [], sent = {}, timer = 0, typed = false;

  function by(id) { return document.getElementById(id); }

  function own(state) { return state.venues[data.venue] || { heads: 0, confirmed: false, signed: 0, roster: roster.length }; }

  function heads(state) {
    const hall = own(state);
    fill(by("heads-now"), !hall.heads ? "还没有报" : hall.confirmed ? draw.status("done", "done", "已确认 " + hall.heads + " 人") : draw.status("attend", "wait", "已报 " + hall.heads + " 人，等另一个人确认"));
    by("heads-confirm").hidden = !hall.heads || hall.confirmed;
    fill(by("heads-confirm"), "数过了，确认 " + hall.heads + " 人");
    if (!typed) by("heads").value = hall.heads || "";
    by("heads-confirm").onclick = function () { report(hall.heads, true); };
  }

  function report(count, confirm) {
    typed = false;
    room.send("headcount", { heads: count, confirm: confirm }, "heads");
    fill(by("heads-said"), draw.status("attend", "wait", "已存在本机，正在送出"));
  }

  function people() {
    const signed = roster.filter(function (one) { return one.signed; }).length;
    fill(by("roster-title"), "点名，" + signed + " / " + roster.length + " 人已签到");
    draw.redraw(by("roster"), roster.map(function (one) {
      const waiting = sent[one.who], confirm = one.waiting && !one.signed;
      const word = one.signed ? draw.status("done", "done", "已签到") : waiting ? draw.status("attend", "wait", "正在送出") : confirm ? draw.status("attend", "wait", "待另一人确认") : draw.status("idle", "person", "未签到");
      const own = confirm && String(one.ticked_by) === String(data.person);  // whoever ticked is not the second person
      const act = one.signed || waiting || own ? null : draw.button("btn-outline btn-tight", confirm ? "确认" : "代签", function () {
        sent[one.who] = true;
        room.send(confirm ? "confirm" : "tick", confirm ? { who: one.who } : { who: one.who, made_at: room.now() });
        people();
      });
      if (act) act.dataset.key = one.who;
      return el("li", "keep", [el("div", "", [el("p", "t", one.name), el("p", "d", word)]), act]);
    }));
  }

  /* Others sign in meanwhile, by phone or by a second steward. */
  function look() {
    if (!data.roster_url || timer) return;
    timer = setTimeout(function () {
      timer = 0;
      fetch(data.roster_url, { credentials: "same-origin", headers: { "X-Live-Ticket": data.ticket } }).then(function (response) {
        return response.ok ? response.json() : null;
      }).then(function (reply) {
        if (reply) roster = reply.roster || reply;
        people();
      }).catch(function () { return; });
    }, PAUSE);
  }

  by("heads").addEventListener("input", function () { typed = true; });
  [["heads-less", -1], ["heads-more", 1]].forEach(function (pair) {
    by(pair[0]).addEventListener("click", function () {
      typed = true;
      by("heads").value = Math.max(0, (Number(by("heads").value) || 0) + pair[1]);
    });
  });
  by("heads-form").addEventListener("submit", function (event) {
    event.preventDefault();
    const count = by("heads").value.trim();
    if (!/^\d{1,4}$/.test(count)) return fill(by("heads-said"), draw.status("attend", "attend", "人数写数字，例如 25"));
    report(Number(count), false);
  });

  return {
    begin: function (line) {
      room = line;
      room.waiting().forEach(function (item) { if (item.cmd === "tick" || item.cmd === "confirm") sent[item.data.who] = true; });
      heads(room.state());
      people();
    },
    drawn: function (state) { heads(state); look(); },
    told: function (item, why) {
      if (item.cmd === "headcount") fill(by("heads-said"), why ? draw.status("stop", "stop", why) : []);
      if (item.cmd !== "tick" && item.cmd !== "confirm") return;
      delete sent[item.data.who];
      fill(by("roster-said"), why ? draw.status("stop", "stop", why) : []);
      if (!why && item.cmd === "tick") roster.forEach(function (one) { if (one.who === item.data.who) one.waiting = true; });
      people();
      look();
    }
  };
};
