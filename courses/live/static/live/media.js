/* 音视频 on a viewer's page: what is on, what this device plays of it, and the choice by hand. The player is loaded only
   when something is played. A phone in a hall plays nothing by itself: the hall does. A hall that has the floor of a
   two-way class opens its own camera and microphone. */
window.mfMedia = (function () {
  "use strict";
  const draw = window.mfDraw, data = JSON.parse(document.getElementById("room-data").textContent), media = data.media;
  const box = document.getElementById("media"), line = document.getElementById("media-line"), act = document.getElementById("media-act"), place = document.getElementById("media-box");
  const ROOM = ["lobby", "live", "paused"], AGAIN = 60000, UP = 120000;
  const hall = data.role === "venue", own = "mf-media-" + data.training, scripts = {};
  let state = data.state, player = null, tier = "", wish = "", shown = null, timer = 0, speaking = false, spoken = "", sending = null;

  /* picture, sound, or nothing at all: what this device plays by itself, unless somebody chose otherwise. */
  function begin() {
    try { wish = sessionStorage.getItem(own) || ""; } catch (refusal) { wish = ""; }
    if (!wish) wish = hall ? "picture" : data.role === "trainer" || data.venue ? "none" : "sound";
  }

  function choose(next) {
    wish = next;
    try { sessionStorage.setItem(own, next); } catch (refusal) { /* private window */ }
    run(true);
  }

  /* push, janus, or nothing. */
  function now() {
    const on = ROOM.indexOf(state.state) >= 0 && state.media ? state.media.tier : "";
    return on === "push" || on === "janus" && media.relay ? on : "";
  }

  function load(name) {
    scripts[name] = scripts[name] || new Promise(function (done, failed) {
      const script = document.createElement("script");
      script.src = box.dataset[name];
      script.onload = done;
      script.onerror = function () { scripts[name] = null; failed(new Error("没有取到播放程序，请检查网络")); };
      document.head.appendChild(script);
    });
    return scripts[name];
  }

  function end() {
    if (player) player.stop();
    player = shown = null;
    speaking = false;
    quiet();
  }

  /* The camera's light goes out. */
  function quiet() {
    if (sending) sending.getTracks().forEach(function (track) { track.stop(); });
    sending = null;
    spoken = "";
  }

  function run(anew) {
    const next = now();
    clearTimeout(timer);
    if (next !== tier) end();
    tier = next;
    if (!tier || wish === "none") {
      end();
      return tell();
    }
    if (player && !anew) return tell();
    if (player && (tier === "janus" || player.stats().kind !== "slides")) { player.sound(wish === "sound"); return tell(); }
    load(tier === "janus" ? "relay" : "player").then(function () {
      if (now() !== next || tier !== next || wish === "none") return;
      end();
      const named = tier === "janus" ? window.mfRelay : window.mfPlayer;
      player = named.open({ box: place, socket: tier === "janus" ? media.relay : media.watch, ticket: data.ticket, hls: media.hls, sound: wish === "sound", muted: data.role === "trainer", told: played, spoke: spoke });
      floor();
    }, function () { timer = setTimeout(run, AGAIN); });
  }

  function played(what) {
    shown = what;
    if (hall && tier === "push") {
      if (what.kind === "sound" && wish === "picture") { clearTimeout(timer); timer = setTimeout(function () { if (player) player.sound(false); }, UP); }
      if (what.kind === "slides" && what.why) { clearTimeout(timer); timer = setTimeout(function () { end(); run(true); }, AGAIN); }
    }
    tell();
  }

  /* ---------- the floor ---------- */
  function floor() {
    const mine = hall && tier === "janus" && Boolean(state.floor) && String(state.floor.venue) === String(data.venue);
    if (!player || mine === speaking) return;
    speaking = mine;
    if (!mine) { player.hush(); quiet(); return tell(); }
    spoken = "正在打开会场的摄像头和话筒。浏览器问时请点“允许”";
    tell();
    load("publish").then(function () {
      return window.mfPublish.capture("camera").then(function (stream) { return [stream, "camera"]; }, function () {
        return window.mfPublish.capture("sound").then(function (stream) { return [stream, "sound"]; });
      });
    }).then(function (got) {
      sending = got[0];
      if (speaking && player) player.speak(sending, got[1]);
      else quiet();
    }).catch(function (error) { spoken = error.message; tell(); });
  }

  function spoke(what) {
    if (!what.on) quiet();
    spoken = what.on ? "会场正在发言，大家看得到、听得到" : what.why;
    tell();
  }

  function button(word, press, name) { return draw.button((name || "btn-outline") + " btn-tight", word, press); }

  function tell() {
    const on = Boolean(now()), kind = shown ? shown.kind : "slides", asked = draw.asked(state);
    /* A shared screen, or the trainer where there are no slides, fills the stage; what is asked goes before. */
    const large = on && kind === "picture" && !state.law && !(asked && (asked.open || asked.shown)) && (state.media.tracks.indexOf("screen") >= 0 || (state.state === "live" && !draw.pages(state)));
    if (hall) box.classList.toggle("is-large", Boolean(large));
    if (!on) { draw.fill(line, hall ? "" : "培训师还没有开始直播"); draw.fill(act, []); box.hidden = hall || ROOM.indexOf(state.state) < 0; return; }
    box.hidden = false;
    const picture = state.media.tracks.length > 1, words = [draw.el("b", "", shown ? shown.word : "仅课件")];
    if (spoken) words.push("　" + spoken);
    else if (shown && shown.why) words.push("　" + shown.why);
    else if (wish === "none" && data.venue && !hall) words.push("　会场大屏在放画面和声音，手机不放，省流量");
    draw.fill(line, words);
    const buttons = [];
    if (shown && shown.needsTap) buttons.push(button("打开声音", function () { player.play(); }, "btn-primary"));
    if (!hall) {
      if (kind !== "sound") buttons.push(button(kind === "picture" ? "只听声音" : data.venue ? "不在会场，听声音" : "听声音", function () { choose("sound"); }));
      if (kind !== "picture" && picture) buttons.push(button("看画面", function () { choose("picture"); }));
      if (kind !== "slides" || wish !== "none") buttons.push(button("只看课件", function () { choose("none"); }, "btn-plain"));
    }
    draw.redraw(act, buttons);
  }

  /* A browser makes no sound before the first tap: any tap will do. */
  function tapped() { if (player && shown && shown.needsTap) player.play(); }

  begin();
  if (hall) ["click", "keydown"].forEach(function (name) { document.addEventListener(name, tapped); });

  return {
    drawn: function (next) {
      const changed = next.media !== state.media || next.state !== state.state;
      state = next;
      if (media.tier === "external") { box.hidden = ROOM.indexOf(state.state) < 0; return; }
      if (changed || !shown) run(false);
      else if (hall) tell();
      if (hall) floor();
    },
    choose: choose,
    player: function () { return player; }
  };
})();
