/* The one player of a class: the trainer's stream over its own socket into MediaSource, or HLS where there is none.
   It keeps to the live edge, and falls from picture to sound to slides by itself when the line is too thin. */
(function (root) {
  "use strict";
  const LATE = 6, BEHIND = 2.6, NEAR = 1.7, FAST = 1.08;  // seconds behind the newest picture; speed to catch up
  const TRIES = 4, PAUSE = 3000;  // of a list that does not play; milliseconds between
  const STALLS = 2, STALL_SPAN = 30000, STUCK = 1500, KEEP = 20;  // two stalls in half a minute are too many
  const LIST = "application/vnd.apple.mpegurl", NOTHING = "这个浏览器放不了画面和声音，课件和互动照常。换新版的 Chrome、Edge 或 Safari 可以看";
  const Source = root.MediaSource || root.ManagedMediaSource;

  /* options: box, socket, ticket, hls, sound (begin with the sound only), muted, told(state)
     state: { kind: picture | sound | slides, word, why, needsTap, lag, jumps } */
  function open(options) {
    const video = document.createElement("video");
    let socket = null, source = null, buffer = null, queue = [], mime = "", sound = Boolean(options.sound);
    let over = false, failures = 0, timer = 0, stalls = [], last = -1, moved = 0, began = false, jumps = 0, hls = false, kind = "", thin = "", live = false, tap = false, bytes = 0;

    video.playsInline = true;
    video.setAttribute("playsinline", "");
    video.disableRemotePlayback = true;
    video.muted = Boolean(options.muted);
    video.className = "lv-video";
    options.box.appendChild(video);

    function tell(next, why) {
      kind = next;
      options.box.hidden = next !== "picture";
      options.told({ kind: next, word: { picture: "画面", sound: "仅声音", slides: "仅课件" }[next], why: why || (next === "sound" ? thin : ""), needsTap: tap, jumps: jumps, sound: sound });
    }

    /* ---- the socket ---- */
    function connect() {
      if (over) return;
      if (!Source) return playlist();
      const mine = socket = new WebSocket(options.socket.replace(/^(?=\/)/, location.origin.replace(/^http/, "ws")));
      mine.binaryType = "arraybuffer";
      mine.onopen = function () { mine.send(JSON.stringify({ ticket: options.ticket, sound: sound })); };
      mine.onmessage = function (event) {
        if (mine !== socket) return;
        failures = 0;
        if (typeof event.data === "string") return told(JSON.parse(event.data));
        bytes += event.data.byteLength;
        queue.push(event.data);
        feed();
      };
      mine.onclose = function (event) {
        if (mine !== socket || over) return;
        socket = null;
        if (event.code >= 4400) { stop(); return tell("slides", event.code === 4410 ? "" : "凭证已过期，请刷新页面"); }
        tell("slides", "画面断了，正在重连");
        failures++;
        timer = setTimeout(connect, Math.min(30000, 500 * Math.pow(2, failures)) * (0.5 + Math.random() / 2));
      };
    }

    function told(frame) {
      if (frame.idle) { live = false; drop(); return tell("slides", ""); }
      if (frame.mime) return begin(frame);
      if (frame.jumps > jumps) { jumps = frame.jumps; stalled(); }
    }

    /* Another take, or the sound instead of the picture: a decoder of its own. */
    function begin(frame) {
      if (!Source.isTypeSupported(frame.mime)) return cannot(frame.mime);
      drop();
      mime = frame.mime;
      live = true;
      source = new Source();
      const mine = source;
      source.addEventListener("sourceopen", function () {
        if (mine !== source) return;
        buffer = source.addSourceBuffer(mime);
        buffer.addEventListener("updateend", feed);
        feed();
      });
      video.src = URL.createObjectURL(source);
      tell(mime.indexOf("audio/") === 0 ? "sound" : "picture", "");
    }

    function drop() {
      if (video.src) URL.revokeObjectURL(video.src);
      source = buffer = null;
      queue = [];
      began = false;
      last = -1;
    }

    function feed() {
      if (!buffer || buffer.updating || !source || source.readyState !== "open") return;
      try {
        const ranges = video.buffered;
        if (!queue.length && ranges.length && video.currentTime - ranges.start(0) > KEEP + 10) return buffer.remove(0, video.currentTime - KEEP);
        if (queue.length) buffer.appendBuffer(queue.shift());
      } catch (error) {
        // A decoder that gave up takes nothing more: begin anew at the live edge.
        drop();
        if (socket) socket.close();
      }
    }

    /* This browser does not know the picture's coding: as a list, else its sound, else nothing, and it says so. */
    function cannot(type) {
      if (video.canPlayType(LIST)) return playlist();
      const alone = "audio/mp4;codecs=" + type.replace(/.*[,=]\s*/, "").replace(/"/g, "");
      if (sound || !Source.isTypeSupported(alone)) { stop(); return tell("slides", NOTHING); }
      pick(true);
      thin = "这个浏览器放不了画面，已改为只听声音";
    }

    /* ---- without MediaSource: iPhone before 17.1, and what plays nothing else ---- */
    function playlist() {
      const old = socket;
      socket = null;
      if (old) old.close();
      if (!video.canPlayType(LIST)) { stop(); return tell("slides", NOTHING); }
      hls = live = true;
      video.onerror = function () {
        if (!hls || over) return;
        // The list may be empty yet; what fails again and again is what this device cannot play.
        failures++;
        if (failures % TRIES) { timer = setTimeout(function () { if (!over) playlist(); }, PAUSE); return; }
        if (sound) { stop(); return tell("slides", NOTHING); }
        sound = true;
        thin = "这个浏览器放不了画面，已改为只听声音";
        playlist();
      };
      video.src = options.hls + "?ticket=" + encodeURIComponent(options.ticket) + (sound ? "&sound=1" : "");
      tell(sound ? "sound" : "picture", "");
      go();
    }

    /* ---- the live edge ---- */
    function go() {
      const started = video.play();
      if (started) started.then(function () { if (tap && !video.muted) { tap = false; tell(kind, ""); } }, function (error) {
        if (error.name !== "NotAllowedError") return;
        // The browser wants a tap before it makes a sound: the picture goes on without.
        tap = true;
        video.muted = true;
        video.play().catch(function () { return; });
        tell(kind, "");
      });
    }

    function edge() {
      const ranges = video.buffered;
      return ranges.length ? ranges.end(ranges.length - 1) : 0;
    }

    function toEdge() {
      const ranges = video.buffered;
      if (!ranges.length) return;
      const from = ranges.start(ranges.length - 1);
      video.currentTime = Math.max(from + 0.02, edge() - 1);
      video.playbackRate = 1;
    }

    function watch() {
      if (!live || hls || !buffer) return;
      const ranges = video.buffered;
      if (!ranges.length) return;
      if (!began) { began = true; moved = Date.now(); toEdge(); go(); return; }
      const lag = edge() - video.currentTime, last_range = ranges.start(ranges.length - 1);
      if (lag > LATE || video.currentTime < last_range - 0.5) toEdge();
      else if (lag > BEHIND) video.playbackRate = FAST;
      else if (lag < NEAR) video.playbackRate = 1;
      if (video.paused && !tap && !document.hidden) go();
      if (video.currentTime !== last) { last = video.currentTime; moved = Date.now(); return; }
      if (Date.now() - moved > STUCK && !video.paused) { moved = Date.now(); stalled(); if (lag > 0.5) toEdge(); }
    }

    function stalled() {
      const now = Date.now();
      stalls = stalls.filter(function (at) { return now - at < STALL_SPAN; }).concat(now);
      if (stalls.length < STALLS) return;
      stalls = [];
      if (!sound) { pick(true); thin = "线路慢，已改为只听声音"; tell(kind, thin); }
      else { stop(); tell("slides", "线路太慢，只留课件"); }
    }

    function pick(wish) {
      sound = wish;
      stalls = [];
      thin = "";
      if (hls) return playlist();
      if (socket && socket.readyState === 1) socket.send(JSON.stringify({ sound: sound }));
    }

    function stop() {
      over = true;
      live = false;
      clearTimeout(timer);
      clearInterval(ticking);
      const old = socket;
      socket = null;
      if (old) { old.onclose = null; old.close(); }
      drop();
      video.removeAttribute("src");
      video.remove();
    }

    const ticking = setInterval(watch, 250);
    document.addEventListener("visibilitychange", function () { if (!document.hidden && live && !hls) toEdge(); });
    connect();

    return {
      play: function () { tap = false; video.muted = false; go(); tell(kind, ""); },
      live: toEdge,
      sound: pick,
      stop: function () { stop(); tell("slides", ""); },
      video: video,
      stats: function () { return { at: video.currentTime, edge: edge(), bytes: bytes, jumps: jumps, rate: video.playbackRate, kind: kind, hls: hls }; }
    };
  }

  root.mfPlayer = { open: open };
})(window);
