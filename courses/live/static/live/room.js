/* The live room on every screen: a log of numbered events, a state made of them, and a box of what is not yet acknowledged.

   mfRoom.reduce(state, envelope)   pure, the same as reduce() in courses/live/board.py (tests/live/vectors)
   mfRoom.open(data, page)          the line: socket, else long polling; `page` is told by drawn(state, before), event(envelope,
                                    state) (kind snapshot: what is not in the state, the ink, is to be asked for), line({online, left}), acknowledged(item), refused(item, why, code), hint(hint)
                                    and over(words). Returns {send(cmd, data, instead), state, seq, waiting, now, stop,
                                    point(where), which may be lost, look(whether the page of the slides is seen)}.

   A command stays in localStorage until the server has acknowledged it by its key, so a reload, a tunnel or an empty
   battery loses none, and the key makes sure that none counts twice. */
(function (root) {
  "use strict";
  const FIRST = 3000, CAP = 30000;             // milliseconds: the span of the first try to come back, and of the last
  const BEAT = 25000, SILENT = 15000;          // how often to show that one is there; how long an answer may take
  const POLL = 40000, SOCKET_AGAIN = 60000;    // a long poll; when to try the socket again while polling works
  const WINDOW = 8, PATIENCE = 5000;           // commands under way at once; how long to wait when that was too much

  /* ---------- the state, from the log ---------- */
  const KEPT_MARKS = 50, VENUE = { online: 0, screen: false, heads: 0, confirmed: false, signed: 0, roster: 0, quality: "" };

  function set(thing, change) { return Object.assign({}, thing, change); }

  function pick(thing, names) { return names.split(" ").reduce(function (some, name) { some[name] = thing[name]; return some; }, {}); }

  function named(name, value) { const one = {}; one[name] = value; return one; }

  function without(list, field, value) { return list.filter(function (one) { return one[field] !== value; }); }

  /* The poll or quiz on the board changed, and nothing when it is another one. */
  function same(name, make) {
    return function (s, d) { return s[name] && s[name].id === d.id ? named(name, set(s[name], make(d))) : {}; };
  }

  function venues(s, changes) {
    const all = set(s.venues);
    Object.keys(changes).forEach(function (id) { all[id] = set(VENUE, set(all[id], changes[id])); });
    return { venues: all };
  }

  function screen(on) {
    return function (s, d) { return venues(s, named(d.venue, { screen: on, quality: on ? d.quality : "" })); };
  }

  function byVenue(s, d) { return venues(s, d.by_venue); }

  function question(d) {
    return { id: d.id, text: d.text, venue: d.venue, shown: d.author_shown, status: "approved", votes: 0, pinned: false };
  }

  /* One question the room sees; one that waits is approved first. */
  function seen(make) {
    return function (s, d) {
      return { qa: s.qa.map(function (one) { return one.id === d.id && one.status !== "new" ? set(one, make(d)) : one; }) };
    };
  }

  function leave(s, d) { return { qa: without(s.qa, "id", d.id) }; }

  function shut(item) { return item && set(item, { open: false }); }

  /* What each kind of event changes. A kind that is not here (ink, markers, what is kept from this reader) only counts. */
  const STEPS = {
    "session.state": function (s, d) {
      const over = d.to === "ended" || d.to === "cancelled";
      return set({ state: d.to, reason: d.reason }, over && { hands: [], floor: null, timer: null, poll: shut(s.poll), quiz: shut(s.quiz) });
    },
    "session.notice": function (s, d, e) { return { notice: d.text ? set(pick(d, "text level venues"), { at: e.at }) : null }; },
    "slide.goto": function (s, d) { return { slide: pick(d, "deck page step") }; },
    "slide.deck": function (s, d) { return { decks: set(s.decks, named(d.deck, pick(d, "pages sha"))) }; },
    "media.mode": function (s, d) { return { media: set(pick(d, "tier url_ref tracks kbps"), { sender: d.sender || "", name: d.name || "" }) }; },
    "law.show": function (s, d) { return { law: d.law ? pick(d, "law article revision text") : null }; },
    "poll.open": function (s, d) {
      const bare = d.kind === "cloud" || d.kind === "text", poll = pick(d, "id kind text options anonymous closes_at audience");
      return { poll: set(poll, { open: true, show: "none", said: [], counts: bare ? [] : d.options.map(function () { return 0; }), by_venue: {}, n: 0 }) };
    },
    "poll.tally": same("poll", function (d) { return pick(d, "counts by_venue n"); }),
    "poll.close": same("poll", function () { return { open: false }; }),
    "poll.show": same("poll", function (d) { return { show: d.what, said: d.said || [] }; }),
    "quiz.open": function (s, d, e) {
      const quiz = pick(d, "id question_ref seconds type text options");
      return { quiz: set(quiz, { at: e.at, open: true, answered: 0, of: 0, correct: null, counts: [], law: null }), board: [] };
    },
    "quiz.tally": function (s, d) { return s.quiz && s.quiz.open ? { quiz: set(s.quiz, pick(d, "answered of")) } : {}; },
    "quiz.close": same("quiz", function (d) { return { open: false, correct: d.correct, counts: d.counts, law: d.law || null }; }),
    "quiz.board": function (s, d) { return { board: d.rows }; },
    "qa.new": function (s, d) { return { qa: s.qa.concat(set(question(d), { status: "new" })) }; },
    "qa.approve": function (s, d) {
      if (s.qa.some(function (one) { return one.id === d.id && one.status !== "new"; })) return {};
      return { qa: without(s.qa, "id", d.id).concat(question(d)) };
    },
    "qa.merge": leave,
    "qa.hide": leave,
    "qa.pin": function (s, d) { return { qa: s.qa.map(function (one) { return set(one, { pinned: one.id === d.id }); }) }; },
    "qa.answered": seen(function () { return { status: "answered", pinned: false }; }),
    "qa.vote": seen(function (d) { return { votes: d.n }; }),
    "hand.up": function (s, d) {
      const up = s.hands.some(function (one) { return one.who === d.who; });
      return up ? {} : { hands: s.hands.concat(set(pick(d, "who name venue"), { lane: "" })) };
    },
    "hand.down": function (s, d) { return { hands: without(s.hands, "who", d.who) }; },
    "hand.call": function (s, d) {
      return { hands: s.hands.map(function (one) { return one.who === d.who ? set(one, { lane: d.lane }) : one; }) };
    },
    "floor": function (s, d) {
      return d.holder === null ? { floor: null } : { floor: set(pick(d, "holder who until"), { venue: d.venue || null }), hands: without(s.hands, "who", d.who) };
    },
    "checkin.open": function (s, d) { return { checkin: pick(d, "round kind closes_at venues") }; },
    "checkin.tally": byVenue,
    "checkin.close": function (s, d) { return s.checkin && s.checkin.round === d.round ? { checkin: null } : {}; },
    "headcount": function (s, d) { return venues(s, named(d.venue, { heads: d.heads, confirmed: d.confirmed_by !== null })); },
    "venue.online": screen(true),
    "venue.offline": screen(false),
    "presence": byVenue,
    "caption": function (s, d) { return { caption: d.text ? pick(d, "from_ms to_ms text final") : null }; },
    "timer": function (s, d) { return { timer: d.ends_at === null ? null : pick(d, "ends_at text") }; },
    "mark": function (s, d, e) { return { marks: s.marks.concat({ seq: e.seq, at: e.at, text: d.text }).slice(-KEPT_MARKS) }; }
  };

  function reduce(state, event) {
    const step = STEPS[event.kind];
    return set(state, set(step ? step(state, event.data, event) : {}, { seq: event.seq }));
  }

  /* ---------- keys, waiting, storage ---------- */
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  function key() {
    return Array.from(crypto.getRandomValues(new Uint8Array(22)), function (one) { return LETTERS[one & 63]; }).join("");
  }

  /* Full jitter: a thousand phones that lost the line together do not come back together. */
  function pause(failures) { return Math.random() * Math.min(CAP, FIRST * Math.pow(2, Math.max(0, failures - 1))); }

  /* Not yet acknowledged, oldest first. Read from the disk every time: a second tab shares it. */
  function outbox(name) {
    let memory = [];
    function all() {
      try { return JSON.parse(localStorage.getItem(name)) || []; } catch (refusal) { return memory; }
    }
    function write(list) {
      memory = list;
      try {
        if (list.length) localStorage.setItem(name, JSON.stringify(list));
        else localStorage.removeItem(name);
      } catch (refusal) { return; }
    }
    return {
      all: all,
      /* `instead`: what it replaces (the last choice of one question, the last page turned to). */
      add: function (item) {
        write(all().filter(function (one) { return !item.instead || one.instead !== item.instead; }).concat(item));
      },
      take: function (idem) {
        const found = all().filter(function (one) { return one.idem === idem; })[0];
        if (found) write(all().filter(function (one) { return one.idem !== idem; }));
        return found;
      }
    };
  }

  /* What another person left unsent on this device is not sent in this one's name. */
  function forgetOthers(person) {
    try {
      Object.keys(localStorage).forEach(function (one) {
        if (/^mf-live-.*-\d+$/.test(one) && one.split("-").pop() !== String(person)) localStorage.removeItem(one);
      });
    } catch (refusal) { return; }
  }

  /* ---------- the line ---------- */
  function open(data, page) {
    const hall = data.role === "steward" ? "." + data.venue : "";  // what was done for one hall is not sent for another
    const name = "mf-live-" + data.training + "-" + data.role + hall + "-" + (data.person || "v" + data.venue);
    const ahead = (data.now || Date.now()) - Date.now();
    let state = data.state, seq = data.seq, socket = null, ready = false, polling = false, polled = false, over = false;
    let failures = 0, looks = false, timer = 0, watch = 0, sent = {}, posting = false, pulling = false;
    if (data.person) forgetOthers(data.person);  // the screen of a hall may stand beside the trainer's desk
    const box = outbox(name);

    function left() { return box.all().length; }

    function tell() { page.line({ online: ready || polled, left: left(), failures: failures }); }

    function stop(words) {
      if (over) return;
      over = true;
      clearTimeout(timer);
      clearTimeout(watch);
      if (socket) socket.close();
      if (words) page.over(words);
    }

    /* ---- what the server says ---- */
    function received(frame) {
      if (frame.snapshot) {  // this phone was too slow for its queue: what was to be acknowledged went with it
        sent = {};
        if (frame.seq >= seq) take(frame.snapshot, frame.seq);
        page.event({ kind: "snapshot", data: {} }, state);
      }
      if (frame.events) apply(frame.events);
      if (frame.ack) settled(frame.ack, function (item) { page.acknowledged(item, frame); });
      if (frame.refused && !later(frame)) settled(frame.refused, function (item) { page.refused(item, frame.why, frame.code); });
      if (frame.hint) page.hint(frame.hint);
    }

    function take(next, number) {
      const before = state;
      state = next;
      seq = number;
      page.drawn(state, before);
    }

    function apply(events) {
      let next = state, number = seq;
      for (let at = 0; at < events.length; at++) {
        if (events[at].seq <= number) continue;
        if (events[at].seq > number + 1) { pull(); break; }  // one is missing: ask for the log from here on
        next = reduce(next, events[at]);
        number = events[at].seq;
      }
      const news = events.filter(function (one) { return one.seq > seq && one.seq <= number; });
      if (number > seq) take(next, number);
      news.forEach(function (one) { page.event(one, state); });
    }

    /* Too much at once: what nobody has to look at again waits and goes out by itself. */
    function later(frame) {
      const item = frame.code === "often" && box.all().filter(function (one) { return one.idem === frame.refused; })[0];
      if (!item || !/^(answer|qa\.vote|hand|slide|ink)/.test(item.cmd)) return false;
      setTimeout(function () { delete sent[item.idem]; flush(); }, PATIENCE + Math.random() * PATIENCE);
      return true;
    }

    function settled(idem, then) {
      const item = box.take(idem);
      delete sent[idem];
      if (item) then(item);
      flush();
    }

    /* ---- socket ---- */
    function connect() {
      clearTimeout(timer);
      if (over || socket) return;
      if (!root.WebSocket) return poll();
      const mine = socket = new WebSocket(data.socket.replace(/^(?=\/)/, location.origin.replace(/^http/, "ws")));
      let opened = false;
      guard(SILENT);  // neither open nor refused: gone
      mine.onopen = function () {
        mine.send(JSON.stringify({ ticket: data.ticket, since: seq }));
        if (looks) mine.send('{"looks":true}');
      };
      mine.onmessage = function (event) {
        if (mine !== socket) return;
        guard(BEAT);
        if (!opened) { opened = ready = true; polled = false; failures = 0; sent = {}; }
        received(JSON.parse(event.data));
        flush();
      };
      mine.onclose = function (event) { if (mine === socket) lost(event.code, opened); };
    }

    /* Silence: show that one is there, and give the line up when nothing comes back. */
    function guard(patience) {
      clearTimeout(watch);
      watch = setTimeout(function () {
        if (!ready) return lost(0, false);
        beat();
        watch = setTimeout(function () { lost(0, true); }, SILENT);
      }, patience);
    }

    function beat() { if (ready) socket.send('{"beat":1}'); }

    function lost(code, opened) {
      clearTimeout(watch);
      const old = socket;
      socket = null;
      ready = false;
      sent = {};
      if (old) { old.onclose = old.onmessage = null; old.close(); }
      if (over) return;
      failures++;
      tell();
      // It does not even open: a proxy may forbid sockets. It was closed with a reason: the reply to the poll has its words.
      if (!opened || code >= 4400) poll();
      again(polled ? SOCKET_AGAIN : pause(failures));
    }

    function again(wait) { clearTimeout(timer); timer = setTimeout(connect, wait); }

    /* ---- long polling and single requests, with the same `since` ---- */
    const REFUSED = "您已经不在这个课堂里。请回到“我的任务”重新进入";

    function ask(address, limit, options) {
      const control = root.AbortController ? new AbortController() : null;
      const end = setTimeout(function () { if (control) control.abort(); }, limit);
      options = Object.assign({ credentials: "same-origin", headers: { "X-Live-Ticket": data.ticket, "Content-Type": "application/json" } }, options);
      if (control) options.signal = control.signal;
      return fetch(address, options).then(function (response) {
        return response.json().catch(function () { return {}; }).then(function (reply) {
          clearTimeout(end);
          if (response.status >= 500 || response.status === 429) throw new Error(response.status);
          if ([401, 403, 404, 410].indexOf(response.status) >= 0 && !reply.refused) { stop(reply.message || REFUSED); throw new Error("over"); }
          return reply;
        });
      });
    }

    function since() { return data.events + (data.events.indexOf("?") < 0 ? "?" : "&") + "since=" + seq; }

    function poll() {
      if (over || polling || ready) return;
      polling = true;
      ask(since() + (polled ? "" : "&now=1"), POLL).then(function (reply) {
        polling = false;
        if (ready) return;
        polled = true;
        failures = 0;
        received(reply);
        post();
        tell();
        poll();
      }).catch(function () {
        polling = polled = false;
        if (over) return;
        failures++;
        tell();
        if (!socket) again(pause(failures));
      });
    }

    function pull() {
      if (pulling) return;
      pulling = true;
      ask(since() + "&now=1", SILENT).then(received).catch(function () { return; }).then(function () { pulling = false; });
    }

    /* ---- commands ---- */
    function frame(item) { return { cmd: item.cmd, idem: item.idem, data: item.data, at: item.at }; }

    function flush() {
      if (ready) {
        box.all().slice(0, WINDOW).forEach(function (item) {
          if (sent[item.idem] > Date.now() - SILENT) return;
          sent[item.idem] = Date.now();
          socket.send(JSON.stringify(frame(item)));
          guard(SILENT);
        });
      } else if (polled) post();
      tell();
    }

    function post() {
      const item = box.all()[0];
      if (posting || ready || over || !item) return;
      posting = true;
      ask(data.commands, SILENT, { method: "POST", body: JSON.stringify(frame(item)) }).then(function (reply) {
        posting = false;
        received(reply);
      }).catch(function () { posting = false; });
    }

    root.addEventListener("online", function () { if (!ready && !over) { failures = 0; again(pause(0)); } });
    root.addEventListener("offline", function () { if (socket) lost(0, true); });
    /* A phone that was locked: its socket may be dead without knowing. */
    document.addEventListener("visibilitychange", function () {
      if (document.hidden || over) return;
      if (ready) guard(0);
      else again(pause(0));
    });
    connect();
    tell();

    return {
      send: function (cmd, payload, instead) {
        const item = { cmd: cmd, idem: key(), data: payload, at: Date.now() + ahead };
        if (instead) item.instead = instead;
        box.add(item);
        flush();
        return item.idem;
      },
      point: function (where) { if (ready) socket.send(JSON.stringify({ cmd: "pointer", data: where })); },
      look: function (on) {
        looks = on;
        if (ready) socket.send(JSON.stringify({ looks: on }));
      },
      state: function () { return state; },
      seq: function () { return seq; },
      waiting: box.all,
      now: function () { return Date.now() + ahead; },
      stop: stop
    };
  }

  root.mfRoom = { reduce: reduce, open: open, pause: pause, key: key };
})(window);
