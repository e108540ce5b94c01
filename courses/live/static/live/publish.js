/* The trainer's encoder: camera, screen or microphone through MediaRecorder to a socket of its own. What the server has
   not said to keep is kept here and sent again after a lost line or a restart of the server, so that nothing is missing. */
(function (root) {
  "use strict";
  /* H.264 with AAC is what every phone plays; where the browser has no AAC (Chromium of a distribution, for one) Opus. */
  const PICTURES = ["avc1.42E01E", "avc1.42001f"], SOUNDS = ["mp4a.40.2", "opus"];
  const SLICE = 250, PART = 128 * 1024, MOST = 64 * 1024 * 1024, AHEAD = 2 * 1024 * 1024;
  const TAKEN = "另一台电脑接着直播了。";
  const LAST = 8000;  // milliseconds the last bytes may take

  /* Empty, or why this browser cannot send. twoWay: to Janus, which needs no recorder. */
  function can(twoWay) {
    if (!root.isSecureContext || !navigator.mediaDevices) return "现在的网址不是 HTTPS，浏览器不让用摄像头和麦克风；课件和互动照常。";
    if (twoWay && root.RTCPeerConnection) return "";
    if (!root.MediaRecorder || !type(true)) return "这个浏览器不能录 MP4，请换新版的 Chrome 或 Edge；课件和互动照常。";
    return "";
  }

  function type(picture) {
    const kinds = SOUNDS.map(function (sound) {
      return picture ? PICTURES.map(function (one) { return "video/mp4;codecs=" + one + "," + sound; }) : ["audio/mp4;codecs=" + sound];
    });
    return [].concat.apply([], kinds).filter(function (one) { return MediaRecorder.isTypeSupported(one); })[0] || "";
  }

  /* what: camera, screen or sound. The promise fails with a sentence. */
  function capture(what, devices) {
    const audio = Object.assign({ echoCancellation: true, noiseSuppression: true, channelCount: 1 }, devices && devices.audio ? { deviceId: devices.audio } : {});
    const video = Object.assign({ width: 640, height: 360, frameRate: 15 }, devices && devices.video ? { deviceId: devices.video } : {});
    const media = navigator.mediaDevices;
    if (what === "screen") {
      return media.getDisplayMedia({ video: { frameRate: 10, width: { max: 1280 } }, audio: false }).then(function (screen) {
        return media.getUserMedia({ audio: audio }).then(function (voice) {
          return new MediaStream(screen.getTracks().concat(voice.getTracks()));
        });
      }).catch(failed);
    }
    return media.getUserMedia(what === "sound" ? { audio: audio } : { audio: audio, video: video }).catch(failed);
  }

  function failed(error) {
    const words = { NotAllowedError: "没有允许使用摄像头或麦克风。请点地址栏的锁，改为允许。", NotFoundError: "没有找到摄像头或麦克风，请插好再试。", NotReadableError: "摄像头或麦克风正被别的程序占用，请先关掉它。" };
    throw new Error(words[error.name] || "摄像头或麦克风打不开，请换一个再试。");
  }

  /* options: socket, ticket, what, stream, told({ on, word, waiting }) */
  function start(options) {
    const picture = options.what !== "sound", mime = type(picture);
    const recorder = new MediaRecorder(options.stream, {
      mimeType: mime, videoBitsPerSecond: options.what === "screen" ? 600000 : 400000, audioBitsPerSecond: 32000, videoKeyFrameIntervalDuration: 1000
    });
    let parts = [], from = 0, made = 0, sent = 0, take = 0, socket = null, ready = false, over = false, failures = 0, timer = 0, chain = Promise.resolve();

    function tell(word) { options.told({ on: !over, word: word, waiting: made - from, take: take }); }

    /* Whole bytes in order: reading a blob is asynchronous. */
    recorder.ondataavailable = function (event) {
      if (!event.data.size) return;
      chain = chain.then(function () { return event.data.arrayBuffer(); }).then(function (content) {
        parts.push(new Uint8Array(content));
        made += content.byteLength;
        if (made - from > MOST) return stop("线路断得太久，直播停了。请检查网络，再开一次。");
        flush();
      }).catch(function () { stop("这台电脑的内存不够，直播停了。请关掉别的程序，再开一次。"); });
    };
    recorder.onerror = function () { stop("摄像头或编码器出错，直播停了。请再开一次。"); };
    options.stream.getTracks().forEach(function (track) {
      track.addEventListener("ended", function () { stop("共享已停止"); });
    });

    function connect() {
      if (over) return;
      const mine = socket = new WebSocket(options.socket.replace(/^(?=\/)/, location.origin.replace(/^http/, "ws")));
      mine.onopen = function () { mine.send(JSON.stringify({ ticket: options.ticket, take: take, mime: recorder.mimeType || mime, source: options.what })); };
      mine.onmessage = function (event) {
        const frame = JSON.parse(event.data);
        if (mine !== socket) return;
        if (frame.take) {
          // A take that was closed meanwhile cannot go on: another one needs the encoder's beginning again.
          if (take && frame.take !== take) { stop("", true); return options.again(); }
          take = frame.take;
          ready = true;
          failures = 0;
          sent = frame.have;
        }
        kept(frame.have);
        flush();
      };
      mine.onclose = function (event) {
        if (mine !== socket || over) return;
        ready = false;
        socket = null;
        const final = { 4401: "登录已过期，直播停了。请重新打开控制台。", 4403: "您不是这次培训的培训师，不能直播。", 4409: TAKEN, 4410: "培训不在进行中，直播停了。", 4507: "服务器的磁盘快满了，不能录。请找管理员。", 1007: "服务器读不懂这个浏览器的编码，直播停了。请换新版的 Chrome 或 Edge。" }[event.code];
        if (final) return stop(final);
        failures++;
        tell("线路断了，正在重连，内容先存在这台电脑上");
        timer = setTimeout(connect, Math.min(10000, 300 * Math.pow(2, failures)) * (0.5 + Math.random() / 2));
      };
    }

    function kept(have) {
      while (parts.length && from + parts[0].byteLength <= have) from += parts.shift().byteLength;
      tell(made - have > AHEAD ? "线路慢，画面会晚" : "");
    }

    function flush() {
      if (!ready) return;
      let at = from;
      for (let place = 0; place < parts.length; place++) {
        const part = parts[place], end = at + part.byteLength;
        while (sent < end && sent >= at) {
          if (socket.bufferedAmount > AHEAD) { clearTimeout(timer); timer = setTimeout(flush, 100); return; }
          const piece = part.subarray(sent - at, Math.min(part.byteLength, sent - at + PART));
          socket.send(piece);
          sent += piece.byteLength;
        }
        at = end;
      }
    }

    function stop(word, quietly) {
      if (over) return;
      over = true;
      clearTimeout(timer);
      if (recorder.state !== "inactive") recorder.stop();
      if (socket) { socket.onclose = null; socket.close(); }
      options.stream.getTracks().forEach(function (track) { track.stop(); });
      if (!quietly) tell(word || "");
    }

    /* Stopped by hand: the last bytes are kept by the server before the take ends, and the server says that it has. */
    function finish() {
      return new Promise(function (done) {
        const since = Date.now();
        function end(word) { stop(word); done(); }
        function wait() {
          flush();
          if (over) return done();
          if (Date.now() - since > LAST) return end("线路太慢，最后一段没有传完，录像缺这一段");
          if (!ready || from < made) return setTimeout(wait, 50);
          socket.onclose = function () { end(""); };
          socket.send('{"end":1}');
          setTimeout(function () { if (!over) end(""); }, LAST);
        }
        recorder.onstop = function () { chain.then(wait); };
        if (recorder.state === "inactive") recorder.onstop(); else recorder.stop();
      });
    }

    recorder.start(SLICE);
    connect();
    tell("");
    return { stop: finish, stats: function () { return { made: made, kept: from, take: take, mime: recorder.mimeType }; }, recorder: recorder };
  }

  root.mfPublish = { TAKEN: TAKEN, can: can, type: type, capture: capture, start: start };
})(window);
