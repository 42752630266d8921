/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The promise of docs/protocol.md as a model that spin searches in full: outbox, acknowledgement, cursor, epoch, backup.
 *
 * Two devices and three notes: device 0 writes notes 0 and 1, device 1 writes note 2; everybody may see all of them. A note is made by
 * one operation, sent in pushes of up to two. Requests and answers are lost, arrive late and arrive twice; the server and the
 * devices stop between any two transactions; answers are cut. The office makes a backup at some time, and once it restores
 * the server: from that backup, or from the older one of the day it began (which holds nothing).
 *
 * One d_step is one transaction. What a device has besides its database is one request on its way; when that is forgotten (a lost
 * answer, a lost network, a killed program) the device sees nothing but that no answer came, so these are one fault here.
 *
 *   device:  NONE -- person writes --> WAITING -- answer (seq) --> ACKED -- row is here, and seq is in a backup --> NONE
 *                                         ^                          |
 *                                         +---- new epoch, lost -----+
 *
 * Safety: S1 what was written is kept somewhere it will be sent from · S2 applied at most once · S3 the cursor is never ahead of the rows ·
 * S4 no row that the server does not have · S5 "at the office" is true · S6 an honest device is never told of a gap or a rewind.
 * Liveness: no run goes on for ever (searched for cycles), and where every run ends everything is delivered once and shown on both
 * devices (IS_QUIET). Nothing is assumed about who gets his turn.
 *
 * With ACCESS_ENDS a device may lose its rows of notes at any time, so only outboxes count, and the newest backup is the one restored.
 * FAULTS bounds the faults. PLANT_… puts one mistake in; check-model proves that each of them is found.
 * Left out: pages of more than one exchange, merging (every note is made once), refusals, several restores.
 */
#ifndef FAULTS
#define FAULTS 1
#endif

#define DEVICES 2
#define NOTES 3
#define NOTHING 7
#define AUTHOR(note) ((note) / 2)
/* An offer brings back a note of the lost history under an id of its own (part 13, step 2). */
#define OFFER NOTES
#define NOTE(op) ((op) % NOTES)
#define OFFER_BIT(device, note) (1 << ((device) * NOTES + (note)))

/* Of an operation on its device. */
#define NONE 0
#define WAITING 1
#define ACKED 2
/* Of a request and of a reply; NONE: there is none. */
#define PUSH 1
#define PULL 2
#define ANSWERS 1
#define PAGE 2
#define OTHER_EPOCH 3

/* What a backup copies. */
typedef History {
  unsigned head : 3;
  unsigned safe : 3;
  byte rev[NOTES];     /* commit that made the note; 0: not there */
  byte applied[NOTES]; /* how often its operation had its effect */
  bit known[NOTES];    /* the author's operation was answered */
  byte offers;         /* OFFER_BIT of every offer answered */
  byte last_n[4];      /* of each incarnation: device * 2 + inc */
}

typedef Device {
  bit epoch;
  bit inc;
  bit reconcile;
  unsigned cursor : 3;
  byte rev[NOTES]; /* rows of the server's versions; 0: not here */
  byte state[NOTES];
  bit offer[NOTES];
  byte number[NOTES]; /* WAITING: its place in the outbox; ACKED: the commit of the answer */
  unsigned next_n : 3 = 1;
}

typedef Request {
  unsigned kind : 2;
  bit epoch;
  bit inc;
  unsigned n : 3;
  unsigned since : 3;
  unsigned op_1 : 3 = NOTHING; /* note, plus OFFER */
  unsigned op_2 : 3 = NOTHING;
}

typedef Reply {
  unsigned kind : 2;
  unsigned op_1 : 3 = NOTHING;
  unsigned op_2 : 3 = NOTHING;
  unsigned seq_1 : 3;
  unsigned seq_2 : 3;
  unsigned until : 3;
  unsigned safe : 3;
  byte rev[NOTES];
}

History office; /* the server, now */
History backup;
bit backup_done;
bit epoch;
unsigned epoch_head : 3;

Device device[DEVICES];
bit written[NOTES];

Request request[DEVICES];
Request stray[DEVICES]; /* a push that nobody waits for, still under way: it arrives late, or never */
Reply reply[DEVICES];
bit no_answer[DEVICES];
unsigned faults : 2 = FAULTS;

/* Used within one step only. */
hidden byte i, first;
hidden byte known, offered;

#define IS_QUIET                                                                          \
  (IS_SHOWN (0) && IS_SHOWN (1) && IS_DELIVERED (0) && IS_DELIVERED (1) && IS_DELIVERED (2))
#define IS_DELIVERED(i)                                                                   \
  (written[i] && office.rev[i] != 0 && office.applied[i] == 1 && IS_HERE (0, i) && IS_HERE (1, i))
#define IS_HERE(c, i) (device[c].rev[i] == office.rev[i] && device[c].state[i] != WAITING)
#define IS_SHOWN(c)                                                                       \
  (device[c].epoch == epoch && !device[c].reconcile && device[c].cursor == office.head)

inline check_device (c)
{
  if
  :: device[c].epoch == epoch && !device[c].reconcile ->
    assert (device[c].cursor <= office.head);
    i = 0;
    do
    :: i < NOTES ->
      assert (office.rev[i] == 0 || office.rev[i] > device[c].cursor ||
              device[c].rev[i] == office.rev[i]); /* S3 */
      assert (device[c].rev[i] == 0 || device[c].rev[i] == office.rev[i]);         /* S4 */
      assert (device[c].state[i] != ACKED || office.rev[i] != 0);                  /* S5 */
      i++
    :: else -> break
    od
  :: else
  fi
}

/* By whom the note would be sent again. */
#ifdef ACCESS_ENDS
#define IS_KEPT(i) (device[AUTHOR (i)].state[i] != NONE)
#else
#define IS_KEPT(i)                                                                        \
  (device[0].state[i] != NONE || device[1].state[i] != NONE || device[0].rev[i] != 0 ||   \
   device[1].rev[i] != 0)
#endif

inline check ()
{
  i = 0;
  do
  :: i < NOTES ->
    assert (!written[i] || office.rev[i] != 0 || IS_KEPT (i)); /* S1 */
    assert (office.applied[i] <= 1);                           /* S2 */
    i++
  :: else -> break
  od;
  check_device (0);
  check_device (1);
  i = 0
}

/* The server */

inline is_known (c, what)
{
  known = (what < OFFER && office.known[NOTE (what)]) ||
          (what >= OFFER && (office.offers & OFFER_BIT (c, NOTE (what))) != 0)
}

/* A note that another device has brought back as it was: its operation changes nothing any more. */
inline was_offered (note)
{
  offered = (office.offers & (OFFER_BIT (0, note) | OFFER_BIT (1, note))) != 0
}

inline remember (c, what)
{
  if
  :: what < OFFER -> office.known[NOTE (what)] = 1
  :: else -> office.offers = office.offers | OFFER_BIT (c, NOTE (what))
  fi
}

inline apply (c, what)
{
  was_offered (NOTE (what));
  if
  :: office.rev[NOTE (what)] == 0 || (what < OFFER && !offered) ->
    office.head++;
    office.rev[NOTE (what)] = office.head;
    office.applied[NOTE (what)]++
  :: else /* it is there, with this content */
  fi;
  offered = 0;
#ifdef PLANT_NOT_REMEMBERED
  if
  :: true -> skip /* stopped between the effect and the line that says it was done */
  :: remember (c, what)
  fi
#else
  remember (c, what)
#endif
}

/* One operation of a push, in one transaction. */
inline take_operation (c, incarnation, place, what)
{
  is_known (c, what);
#ifdef PLANT_DUP_IS_NEW
  known = 0;
#endif
  if
  :: known -> skip
  :: else ->
#if !defined PLANT_DUP_IS_NEW && !defined PLANT_NEW_ID_ON_RETRY && !defined PLANT_NOT_REMEMBERED
    assert (place == office.last_n[c * 2 + incarnation] + 1); /* S6 */
#endif
    apply (c, what)
  fi;
  known = 0;
  if
  :: place > office.last_n[c * 2 + incarnation] -> office.last_n[c * 2 + incarnation] = place
  :: else
  fi
}

#ifdef PLANT_SERVER_IGNORES_EPOCH
#define IS_OTHER_EPOCH(given) false
#else
#define IS_OTHER_EPOCH(given) ((given) != epoch)
#endif

inline take_push (c, r)
{
  take_operation (c, r.inc, r.n, r.op_1);
  if
  :: r.op_2 != NOTHING -> take_operation (c, r.inc, r.n + 1, r.op_2)
  :: else
  fi
}

inline answer_push (c)
{
  if
  :: IS_OTHER_EPOCH (request[c].epoch) -> reply[c].kind = OTHER_EPOCH
  :: else ->
    take_push (c, request[c]);
    reply[c].op_1 = request[c].op_1;
    reply[c].seq_1 = office.rev[NOTE (request[c].op_1)];
    reply[c].op_2 = request[c].op_2;
    if
    :: request[c].op_2 != NOTHING -> reply[c].seq_2 = office.rev[NOTE (request[c].op_2)]
    :: else
    fi;
    reply[c].kind = ANSWERS
  fi
}

inline answer_pull (c)
{
  if
  :: IS_OTHER_EPOCH (request[c].epoch) -> reply[c].kind = OTHER_EPOCH
  :: else ->
    i = 0;
    do
    :: i < NOTES ->
      if
      :: office.rev[i] > request[c].since -> reply[c].rev[i] = office.rev[i]
      :: else -> reply[c].rev[i] = 0
      fi;
      i++
    :: else -> break
    od;
    reply[c].until = office.head;
    reply[c].safe = office.safe;
    reply[c].kind = PAGE
  fi
}

inline forget_request (r)
{
  r.kind = NONE;
  r.epoch = 0;
  r.inc = 0;
  r.n = 0;
  r.op_1 = NOTHING;
  r.op_2 = NOTHING;
  r.since = 0
}

inline forget_reply (c)
{
  reply[c].kind = NONE;
  reply[c].op_1 = NOTHING;
  reply[c].op_2 = NOTHING;
  reply[c].seq_1 = 0;
  reply[c].seq_2 = 0;
  reply[c].until = 0;
  reply[c].safe = 0;
  reply[c].rev[0] = 0;
  reply[c].rev[1] = 0;
  reply[c].rev[2] = 0
}

inline copy_request (to, from)
{
  to.kind = from.kind;
  to.epoch = from.epoch;
  to.inc = from.inc;
  to.n = from.n;
  to.op_1 = from.op_1;
  to.op_2 = from.op_2
}

/* The office and the way there. */
proctype Server (byte c)
{
end:
  do
  :: d_step {
      request[c].kind == PUSH ->
      answer_push (c);
      forget_request (request[c]);
      check ()
    }
  :: d_step {
      request[c].kind == PULL ->
      answer_pull (c);
      forget_request (request[c]);
      check ()
    }
  :: d_step { /* late, or once more: the answer goes nowhere */
      stray[c].kind == PUSH && !IS_OTHER_EPOCH (stray[c].epoch) ->
      take_push (c, stray[c]);
      forget_request (stray[c]);
      check ()
    }
  :: d_step { /* stopped between two operations */
      faults > 0 && request[c].kind == PUSH && request[c].op_2 != NOTHING &&
        !IS_OTHER_EPOCH (request[c].epoch) ->
      faults--;
      take_operation (c, request[c].inc, request[c].n, request[c].op_1);
      forget_request (request[c]);
      no_answer[c] = 1;
      check ()
    }
  :: d_step { /* lost on the way there */
      faults > 0 && request[c].kind != NONE ->
      faults--;
      forget_request (request[c]);
      no_answer[c] = 1
    }
  :: d_step { /* lost on the way back, or nobody waited any more; a lost page is as a lost pull */
      faults > 0 && (reply[c].kind == ANSWERS || reply[c].kind == OTHER_EPOCH) ->
      faults--;
      forget_reply (c);
      no_answer[c] = 1
    }
  :: d_step { /* late: the device gives up and the request is still under way */
      faults > 0 && request[c].kind == PUSH ->
      faults--;
      copy_request (stray[c], request[c]);
      forget_request (request[c]);
      no_answer[c] = 1
    }
  :: d_step { /* twice: one copy arrives, the other is still under way */
      faults > 0 && request[c].kind == PUSH ->
      faults--;
      copy_request (stray[c], request[c])
    }
  od
}

/* A device */

inline find_number (c, place, ret)
{
  ret = NOTHING;
  i = 0;
  do
  :: i < NOTES ->
    if
    :: device[c].state[i] == WAITING && device[c].number[i] == place ->
      ret = i + (device[c].offer[i] -> OFFER : 0)
    :: else
    fi;
    i++
  :: else -> break
  od;
  i = 0
}

/* The first that waits, and the one behind it: numbers are dense. */
inline make_push (c)
{
  first = 1;
  do
  :: find_number (c, first, request[c].op_1);
    if
    :: request[c].op_1 != NOTHING -> break
    :: else -> first++
    fi
  od;
  find_number (c, first + 1, request[c].op_2);
  request[c].n = first;
  request[c].epoch = device[c].epoch;
  request[c].inc = device[c].inc;
  request[c].kind = PUSH;
  first = 0
}

inline make_pull (c)
{
  request[c].since = (device[c].reconcile -> 0 : device[c].cursor);
  request[c].epoch = device[c].epoch;
  request[c].kind = PULL
}

inline put_away (c, what, commit)
{
  if
  :: device[c].state[NOTE (what)] == WAITING && device[c].offer[NOTE (what)] == (what >= OFFER) ->
#ifdef PLANT_ACK_DROPPED
    device[c].state[NOTE (what)] = NONE;
    device[c].number[NOTE (what)] = 0
#else
    device[c].state[NOTE (what)] = ACKED;
    device[c].number[NOTE (what)] = commit
#endif
  :: else
  fi
}

#define IS_CONTAINED(c, i) (device[c].rev[i] >= device[c].number[i])
#ifdef PLANT_BACKUP_NOT_AWAITED
#define IS_SAFE(c, i) true
#else
#define IS_SAFE(c, i) (device[c].number[i] <= reply[c].safe)
#endif

inline release (c)
{
  i = 0;
  do
  :: i < NOTES ->
    if
    :: device[c].state[i] == ACKED && IS_CONTAINED (c, i) && IS_SAFE (c, i) ->
      device[c].state[i] = NONE;
      device[c].offer[i] = 0;
      device[c].number[i] = 0
    :: else
    fi;
    i++
  :: else -> break
  od;
  i = 0
}

/* A page and its cursor; after a change of the epoch the page is everything, and what is not in it goes. */
inline take_rows (c, up_to)
{
  i = 0;
  do
  :: i < NOTES ->
    if
    :: reply[c].rev[i] > device[c].rev[i] && reply[c].rev[i] <= up_to ->
      device[c].rev[i] = reply[c].rev[i]
    :: device[c].reconcile && reply[c].rev[i] == 0 -> device[c].rev[i] = 0
    :: else
    fi;
    i++
  :: else -> break
  od;
  i = 0
}

inline take_page (c)
{
  take_rows (c, reply[c].until);
  device[c].cursor = reply[c].until;
  device[c].reconcile = 0;
  release (c)
}

inline number_again (c, offers)
{
  i = 0;
  do
  :: i < NOTES ->
    if
    :: device[c].state[i] == WAITING && device[c].offer[i] == offers ->
      device[c].number[i] = device[c].next_n;
      device[c].next_n++
    :: else
    fi;
    i++
  :: else -> break
  od;
  i = 0
}

inline offer_lost (c)
{
  i = 0;
  do
  :: i < NOTES ->
    if
    :: device[c].state[i] == ACKED && device[c].number[i] > epoch_head ->
#ifdef PLANT_LOST_NOT_REQUEUED
      device[c].state[i] = NONE;
#else
      device[c].state[i] = WAITING;
#endif
      device[c].number[i] = 0
#if !defined PLANT_ROWS_NOT_OFFERED && !defined ACCESS_ENDS
    :: device[c].state[i] == NONE && device[c].rev[i] > epoch_head ->
      device[c].state[i] = WAITING;
      device[c].offer[i] = 1
#endif
    :: else
    fi;
    if
    :: device[c].rev[i] > epoch_head -> device[c].rev[i] = 0
    :: else
    fi;
    i++
  :: else -> break
  od;
  i = 0
}

inline change_epoch (c)
{
  offer_lost (c);
#ifndef PLANT_OLD_INCARNATION
  device[c].inc = 1;
#endif
  device[c].next_n = 1;
  number_again (c, 0);
  number_again (c, 1);
#ifndef PLANT_CURSOR_KEPT
  if
  :: device[c].cursor > epoch_head -> device[c].cursor = epoch_head
  :: else
  fi;
  device[c].reconcile = 1;
#endif
  device[c].epoch = epoch
}

#define HAS_WAITING(c)                                                                    \
  (device[c].state[0] == WAITING || device[c].state[1] == WAITING ||                      \
   device[c].state[2] == WAITING)

/* Pulls that would bring nothing are left out: they change nothing. So every run comes to an end. */
#define HAS_NEWS(c)                                                                       \
  (!IS_SHOWN (c) || IS_RELEASED (c, 0) || IS_RELEASED (c, 1) || IS_RELEASED (c, 2))
#define IS_RELEASED(c, i) (device[c].state[i] == ACKED && device[c].number[i] <= office.safe)

proctype Engine (byte c)
{
end:
  do
  :: if
    :: d_step { HAS_WAITING (c) -> make_push (c) }
    :: d_step { !HAS_WAITING (c) && HAS_NEWS (c) -> make_pull (c) }
    fi;
wait:
    if
    :: d_step {
        reply[c].kind == ANSWERS ->
        put_away (c, reply[c].op_1, reply[c].seq_1);
        if
        :: reply[c].op_2 != NOTHING -> put_away (c, reply[c].op_2, reply[c].seq_2)
        :: else
        fi;
        forget_reply (c);
        check ();
        make_pull (c)
      };
      goto wait
    :: d_step { /* cut after the first answer */
        faults > 0 && reply[c].kind == ANSWERS && reply[c].op_2 != NOTHING ->
        faults--;
        put_away (c, reply[c].op_1, reply[c].seq_1);
        forget_reply (c);
        check ()
      }
    :: d_step { reply[c].kind == PAGE -> take_page (c); forget_reply (c); check () }
    :: d_step {
        reply[c].kind == OTHER_EPOCH ->
#ifndef PLANT_EPOCH_NOT_TAKEN
        change_epoch (c);
#endif
        forget_reply (c);
        check ()
      }
    :: d_step { no_answer[c] -> no_answer[c] = 0 }
#ifdef PLANT_NOT_SENT_AGAIN
      ;
      break
#endif
#ifdef PLANT_CURSOR_BEFORE_ROWS
    :: d_step { /* the cursor is on the disk, the rows are not, and the program is killed */
        faults > 0 && reply[c].kind == PAGE ->
        faults--;
        device[c].cursor = reply[c].until;
        forget_reply (c);
        check ()
      }
#endif
#ifdef PLANT_CUT_PAGE_TAKEN
    :: d_step {
        faults > 0 && reply[c].kind == PAGE && reply[c].until > 0 ->
        faults--;
        take_rows (c, reply[c].until - 1);
        device[c].cursor = reply[c].until;
        forget_reply (c);
        check ()
      }
#endif
#ifdef PLANT_SENT_IS_DONE
    :: d_step { /* no answer came, and it is taken for delivered */
        no_answer[c] && HAS_WAITING (c) ->
        no_answer[c] = 0;
        make_push (c);
        device[c].state[NOTE (request[c].op_1)] = NONE;
        forget_request (request[c]);
        check ()
      }
#endif
#ifdef PLANT_NEW_ID_ON_RETRY
    :: d_step { /* the server cannot know it again */
        no_answer[c] && HAS_WAITING (c) ->
        no_answer[c] = 0;
        make_push (c);
        office.known[NOTE (request[c].op_1)] = 0;
        forget_request (request[c])
      }
#endif
    fi
  od
}

/* People write, in their own time. */
inline save (note)
{
  written[note] = 1;
  device[AUTHOR (note)].state[note] = WAITING;
  device[AUTHOR (note)].number[note] = device[AUTHOR (note)].next_n;
  device[AUTHOR (note)].next_n++
}

proctype First ()
{
  d_step { save (0) };
  d_step { save (1) }
}

proctype Second ()
{
  d_step { save (2) }
}

/* The office */

inline copy_history (to, from)
{
  to.head = from.head;
  to.safe = from.safe;
  to.offers = from.offers;
  i = 0;
  do
  :: i < NOTES ->
    to.rev[i] = from.rev[i];
    to.applied[i] = from.applied[i];
    to.known[i] = from.known[i];
    i++
  :: else -> break
  od;
  i = 0;
  do
  :: i < 4 ->
    to.last_n[i] = from.last_n[i];
    i++
  :: else -> break
  od;
  i = 0
}

inline empty_history (to)
{
  to.head = 0;
  to.safe = 0;
  to.offers = 0;
  i = 0;
  do
  :: i < NOTES ->
    to.rev[i] = 0;
    to.applied[i] = 0;
    to.known[i] = 0;
    i++
  :: else -> break
  od;
  i = 0;
  do
  :: i < 4 ->
    to.last_n[i] = 0;
    i++
  :: else -> break
  od;
  i = 0
}

proctype Backup ()
{
  if
  :: d_step { epoch == 0 -> copy_history (backup, office) };
    if
    :: d_step {
        epoch == 0 ->
#ifdef PLANT_SAFE_TOO_NEW
        office.safe = office.head;
#else
        office.safe = backup.head;
#endif
        backup_done = 1
      }
    :: epoch != 0 -> skip /* the server was lost meanwhile: it never got done */
    fi
  :: skip
  fi
}

proctype Restore ()
{
  if
  :: d_step { backup_done -> copy_history (office, backup); epoch = 1; epoch_head = office.head; check () }
#ifdef ACCESS_ENDS
  :: d_step { !backup_done -> empty_history (office); epoch = 1; epoch_head = 0; check () }
#else
  :: d_step { empty_history (office); epoch = 1; epoch_head = 0; check () }
#endif
  :: skip
  fi
}

init
{
  atomic {
    run Server (0);
    run Server (1);
    run Engine (0);
    run Engine (1);
    run First ();
    run Second ();
    run Backup ();
    run Restore ()
  }
  timeout;
  assert (IS_QUIET)
}
