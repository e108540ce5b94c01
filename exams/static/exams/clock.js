/* The time that is left, by the server's clock. Announced at 10, 5 and 1 minute only; never blinks.

   mfClock(now, ends, {say, tick, over}): `now` and `ends` are milliseconds of the server. `tick` is called with the
   whole seconds left; `over` once, at zero. */
window.mfClock = function (now, ends, calls) {
  "use strict";
  const face = document.getElementById("clock"), marks = [600, 300, 60];
  let offset = now - Date.now(), before = Infinity;

  function left() { return Math.max(0, Math.ceil((ends - Date.now() - offset) / 1000)); }
  function two(number) { return (number < 10 ? "0" : "") + number; }

  function tick() {
    const seconds = left(), hours = Math.floor(seconds / 3600);
    const text = two(Math.floor(seconds / 60) % 60) + ":" + two(seconds % 60);
    face.textContent = hours ? hours + ":" + text : text;
    face.classList.toggle("is-last", seconds <= 300);
    marks.forEach(function (mark) { if (before !== Infinity && before > mark && seconds <= mark) calls.say("还剩 " + mark / 60 + " 分钟"); });
    before = seconds;
    calls.tick(seconds);
    if (seconds === 0) return calls.over();
    setTimeout(tick, 500);
  }

  document.getElementById("clock-word").textContent = "剩余时间";
  setTimeout(tick, 0);
  return {
    left: left,
    /* What a reply says about the time; more time is announced. */
    synchronise: function (serverNow, serverEnds) {
      if (serverNow) offset = serverNow - Date.now();
      const more = Math.round((serverEnds - ends) / 60000);
      if (more > 0) setTimeout(function () { calls.say("考试时间延长了 " + more + " 分钟"); }, 1000);  // after what else the reply says
      if (serverEnds) ends = serverEnds;
    }
  };
};
