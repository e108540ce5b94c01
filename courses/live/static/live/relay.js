/* The two-way room on a page: offers and answers go over our own server's socket, sound and picture straight to Janus.
   Whoever watches has the same four calls as with the player; the trainer and the hall with the floor speak as well. */
(function (root) {
  "use strict";
  const GATHER = 1500, AGAIN = 2000, CAP = 30000;  // milliseconds: for addresses to be found, to ask again, the longest pause
  const AWAY = "双向音视频现在连不上，课件和互动照常", BLOCKED = "两边的网络不通，画面和声音过不来，课件和互动照常";

  /* options: box, socket, ticket, sound, muted, told(state) as of the player; spoke({ on, why, taken }) for those who speak,
     away() when Janus is not there. */
  function open(options) {
    const lines = {}, waiting = [], refused = {};
    let socket = null, servers = [], inside = false, over = false, failures = 0, timer = 0, sound = Boolean(options.sound), tap = false;
    let own = null, stream = null, source = "", why = "";

    function say(frame) { if (socket && socket.readyState === 1) socket.send(JSON.stringify(frame)); }

    function feeds() { return Object.keys(lines); }

    function tell() {
      const seen = feeds().some(function (feed) { return lines[feed].all.getVideoTracks().length; });
      const kind = !feeds().length ? "slides" : sound || !seen ? "sound" : "picture";
      options.box.hidden = kind !== "picture";
      options.told({ kind: kind, word: { picture: "画面", sound: "仅声音", slides: "仅课件" }[kind], why: why, needsTap: tap, jumps: 0, sound: sound });
    }

    /* ---- the socket ---- */
    function connect() {
      if (over) return;
      const mine = socket = new WebSocket(options.socket.replace(/^(?=\/)/, location.origin.replace(/^http/, "ws")));
      mine.onopen = function () { mine.send(JSON.stringify({ ticket: options.ticket })); };
      mine.onmessage = function (event) { if (mine === socket) heard(JSON.parse(event.data)); };
      mine.onclose = function (event) {
        if (mine !== socket || over) return;
        socket = null;
        inside = false;
        feeds().forEach(gone);
        if (own) { own.close(); own = null; }
        failures++;
        if (event.code >= 4400) { stop(); return told(event.code === 4410 ? "" : "凭证已过期，请刷新页面"); }
        if (event.code === 1013 && options.away) return options.away();
        told(AWAY);
        timer = setTimeout(connect, Math.min(CAP, 1000 * Math.pow(2, failures)) * (0.5 + Math.random() / 2));
      };
    }

    function told(words) { why = words; tell(); }

    function heard(frame) {
      if (frame.servers) {
        servers = frame.servers;
        inside = true;
        failures = 0;
        why = "";
        if (stream) offer();
      }
      if (frame.feeds) frame.feeds.forEach(function (one) { waiting.push(one); watch(one.feed); });
      if (frame.gone) { gone(frame.gone); tell(); }
      if (frame.offer) take(frame.feed, frame.offer);
      if (frame.answer && own) own.setRemoteDescription({ type: "answer", sdp: frame.answer }).catch(failed);
      if (frame.hush) { hush(); options.spoke({ on: false, why: "", taken: Boolean(frame.taken) }); }
      if (frame.failed === "speak") { hush(); options.spoke({ on: false, why: "现在发言的人太多，没有接通。请稍后再试" }); }
      if (frame.failed === "watch" || frame.failed === "feed") again(frame.feed);
    }

    /* Janus gave no offer for a speaker, or did not take the answer: from the beginning, ever more slowly. */
    function again(feed) {
      refused[feed] = (refused[feed] || 0) + 1;
      gone(feed, true);
      tell();
      setTimeout(function () {
        const there = waiting.some(function (one) { return one.feed === feed; });
        if (!over && there && !lines[feed]) watch(feed);
      }, Math.min(CAP, AGAIN * Math.pow(2, refused[feed] - 1)));
    }

    /* Every address is in the description, so nothing has to be sent after it. */
    function gathered(peer) {
      return new Promise(function (done) {
        if (peer.iceGatheringState === "complete") return done();
        peer.addEventListener("icegatheringstatechange", function () { if (peer.iceGatheringState === "complete") done(); });
        setTimeout(done, GATHER);
      });
    }

    function peer() { return new RTCPeerConnection({ iceServers: servers }); }

    /* ---- watching ---- */
    function watch(feed) { say({ watch: feed, sound: sound }); }

    function take(feed, description) {
      gone(feed, true);
      const line = lines[feed] = { peer: peer(), all: new MediaStream(), video: document.createElement("video") }, mine = line.peer;
      const hall = waiting.some(function (one) { return one.feed === feed && one.who !== "trainer"; });
      line.video.className = "lv-video";
      line.video.playsInline = true;
      line.video.muted = Boolean(options.muted) || tap;
      line.video.srcObject = line.all;
      // Whoever was given the floor is seen large, the trainer small beside.
      options.box.insertBefore(line.video, hall ? options.box.firstChild : null);
      mine.ontrack = function (event) { line.all.addTrack(event.track); play(line.video); tell(); };
      mine.onconnectionstatechange = function () {
        if (mine.connectionState === "connected") { delete refused[feed]; told(""); }
        if (mine.connectionState === "failed") { gone(feed, true); told(BLOCKED); setTimeout(function () { if (!over && !lines[feed]) watch(feed); }, CAP); }
      };
      mine.setRemoteDescription({ type: "offer", sdp: description }).then(function () { return mine.createAnswer(); }).then(function (answer) {
        return mine.setLocalDescription(answer);
      }).then(function () { return gathered(mine); }).then(function () {
        say({ feed: feed, answer: mine.localDescription.sdp });
      }).catch(function () { gone(feed, true); told("这个浏览器放不了画面和声音，课件和互动照常"); });
    }

    function gone(feed, comes) {
      const line = lines[feed];
      if (!comes) waiting.splice(0, waiting.length, ...waiting.filter(function (one) { return String(one.feed) !== String(feed); }));
      if (!line) return;
      delete lines[feed];
      line.peer.close();
      line.video.srcObject = null;
      line.video.remove();
    }

    function play(video) {
      const started = video.play();
      if (started) started.catch(function (error) {
        if (error.name !== "NotAllowedError") return;
        // The browser wants a tap before it makes a sound: the picture goes on without.
        tap = video.muted = true;
        video.play().catch(function () { return; });
        tell();
      });
    }

    /* ---- speaking ---- */
    function offer() {
      const mine = own = peer();
      stream.getTracks().forEach(function (track) { mine.addTrack(track, stream); });
      mine.onconnectionstatechange = function () {
        if (mine !== own) return;
        if (mine.connectionState === "connected") options.spoke({ on: true, why: "" });
        if (mine.connectionState === "failed") failed();
      };
      mine.createOffer().then(function (description) { return mine.setLocalDescription(description); }).then(function () { return gathered(mine); }).then(function () {
        if (mine === own) say({ speak: mine.localDescription.sdp, source: source });
      }).catch(failed);
    }

    function failed() {
      hush();
      options.spoke({ on: false, why: "没有接通，两边的网络不通", blocked: true });
    }

    function speak(next, what) {
      stream = next;
      source = what;
      if (inside) offer();
    }

    function hush() {
      if (own) { own.close(); own = null; say({ hush: 1 }); }
      stream = null;
    }

    function stop() {
      over = true;
      clearTimeout(timer);
      hush();
      feeds().forEach(function (feed) { gone(feed); });
      const old = socket;
      socket = null;
      if (old) old.close();
      options.box.hidden = true;
    }

    connect();

    return {
      play: function () { tap = false; feeds().forEach(function (feed) { lines[feed].video.muted = false; play(lines[feed].video); }); tell(); },
      sound: function (wish) { if (sound !== wish) { sound = wish; waiting.forEach(function (one) { watch(one.feed); }); } },
      speak: speak,
      hush: hush,
      stop: stop,
      stats: function () {
        const all = feeds(), first = all.length ? options.box.querySelector("video") : null;
        const seen = all.some(function (feed) { return lines[feed].all.getVideoTracks().length; });
        return { at: first ? first.currentTime : 0, kind: !all.length ? "slides" : sound || !seen ? "sound" : "picture", feeds: all.length, speaking: Boolean(own && own.connectionState === "connected") };
      }
    };
  }

  root.mfRelay = { open: open };
})(window);
