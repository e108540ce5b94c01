/* The trainer's 音视频 on the console: begin and end, what is sent, and one sentence when the browser cannot. In a two-way
   class it goes to Janus; where that is away, the platform's own stream takes its place with the same camera. */
window.mfStudio = (function () {
  "use strict";
  const draw = window.mfDraw, data = JSON.parse(document.getElementById("room-data").textContent), media = data.media;
  const box = document.getElementById("media"), line = document.getElementById("media-line"), act = document.getElementById("media-act"), place = document.getElementById("media-box");
  const ROOM = ["lobby", "live", "paused"], WHAT = { camera: "摄像头", screen: "共享屏幕", sound: "只用声音" };
  const INSTEAD = "双向音视频连不上，已改用本平台直播，这时不能请会场发言";
  let state = data.state, live = null, what = "", said = "", busy = false, preview = null, others = null, twoWay = false;

  function button(word, press, name) { const made = draw.button((name || "btn-outline") + " btn-tight", word, press); made.dataset.key = word; made.disabled = busy; return made; }

  function begin(next) {
    busy = true;
    tell();
    window.mfPublish.capture(next).then(function (stream) {
      what = next;
      said = "";
      show(stream);
      if (media.relay) relay(stream);
      else publish(stream);
    }).catch(function (error) { said = error.message; }).then(function () { busy = false; tell(); });
  }

  function publish(stream) {
    twoWay = false;
    live = window.mfPublish.start({ socket: media.publish, ticket: data.ticket, what: what, stream: stream, told: told, again: function () { live = null; begin(what); } });
  }

  function relay(stream) {
    const tracks = stream.getTracks();
    function close() { room.stop(); tracks.forEach(function (track) { track.stop(); }); }
    function instead() {
      room.stop();
      live = null;
      const why = window.mfPublish.can();
      if (why) { close(); show(null); said = "双向音视频连不上。" + why; } else { said = INSTEAD; publish(stream); }
      tell();
    }
    if (!others) place.parentNode.insertBefore(others = draw.el("div", "lv-media-box lv-relay"), place.nextSibling);
    twoWay = true;
    const room = window.mfRelay.open({
      box: others, socket: media.relay, ticket: data.ticket, told: tell, away: instead,
      spoke: function (now) {
        if (now.on) { said = ""; return tell(); }
        if (now.blocked) return instead();
        close();
        told({ on: false, word: now.taken ? window.mfPublish.TAKEN : now.why || "直播停了。请再开一次" });
      }
    });
    said = "正在接通";
    room.speak(stream, what);
    tracks.forEach(function (track) { track.addEventListener("ended", function () { close(); told({ on: false, word: "共享已停止" }); }); });
    live = { stop: function () { close(); return Promise.resolve(); }, stats: room.stats };
  }

  function show(stream) {
    if (!preview) {
      preview = document.createElement("video");
      preview.muted = preview.playsInline = true;
      preview.className = "lv-video";
      place.appendChild(preview);
    }
    preview.srcObject = stream;
    place.hidden = !stream || !stream.getVideoTracks().length;
    if (stream) preview.play().catch(function () { return; });
  }

  function told(now) {
    said = now.word || (now.on && said === INSTEAD ? INSTEAD : "");
    if (!now.on) { live = null; show(null); }
    tell();
  }

  function end() {
    busy = true;
    tell();
    live.stop().then(function () { live = null; busy = false; said = said === INSTEAD ? "" : said; show(null); tell(); });
  }

  function tell() {
    const why = window.mfPublish.can(Boolean(media.relay)), room = ROOM.indexOf(state.state) >= 0;
    const other = !live && room && state.media && ["push", "janus"].indexOf(state.media.tier) >= 0;
    box.hidden = false;
    // The other one has stopped meanwhile.
    if (!other && said === window.mfPublish.TAKEN) said = "";
    if (why) { draw.fill(line, why); return draw.redraw(act, []); }
    draw.fill(line, live ? [draw.el("b", "", what === "sound" ? "仅声音" : "画面"), twoWay ? "　直播中，可以请会场发言，不录像" : "　直播中，正在录制", said ? "。" + said : ""]
      : other ? said + (state.media.name || "另一台电脑") + "正在直播，不是从这个页面。要由这台电脑接着直播，点下面一种"
      : said || (room ? "还没有直播，各会场只有课件" : "开门以后可以直播"));
    draw.redraw(act, live ? [button("停止直播", end, "btn-stop")] : room ? Object.keys(WHAT).map(function (one) { return button((other ? "接过来：" : "") + WHAT[one], function () { begin(one); }); }) : []);
  }

  return { drawn: function (next) { state = next; if (media.tier === "external") box.hidden = ROOM.indexOf(state.state) < 0; else tell(); }, live: function () { return live; } };
})();
