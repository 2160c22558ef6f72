package io.meshagent.core.registry.health;

import io.meshagent.core.api.Code;
import io.meshagent.core.api.HealthService;
import io.meshagent.core.api.HealthService.Inquiry;
import io.meshagent.core.log.Log;
import io.meshagent.core.run.TaskLoop;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/**
 * The status of one service: pushed by {@code Watch} where the program has it, asked for by {@code
 * Check} every few seconds where it has not. Confined to the registrar's loop; the program's code
 * runs on the loop of inquiries, where it may block.
 */
final class FollowedStatus {

  static final long POLL_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** How long a Watch may be silent before it is taken for none. */
  static final long SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** What is known. */
  enum Verdict {
    PENDING,
    SERVING,
    NOT_SERVING,
    /** The program's health service does not know it. */
    ABSENT
  }

  private enum State {
    NEW,
    WATCHING,
    POLLING,
    CLOSED;

    Set<State> next() {
      switch (this) {
        case NEW:
          return EnumSet.of(WATCHING, POLLING, CLOSED);
        case WATCHING:
          return EnumSet.of(POLLING, CLOSED);
        case POLLING:
          return EnumSet.of(CLOSED);
        default:
          return EnumSet.noneOf(State.class);
      }
    }
  }

  private final String service;
  private final HealthService health;
  private final TaskLoop loop;
  private final TaskLoop inquiries;
  private final Runnable onChange;

  private State state = State.NEW;
  private Verdict verdict = Verdict.PENDING;
  private Inquiry inquiry;
  private boolean answered;
  private boolean starting;
  private TaskLoop.Timer next = TaskLoop.Timer.NONE;

  /** Answers to an inquiry that is not the present one are dropped. */
  private long epoch;

  FollowedStatus(
      String service, HealthService health, TaskLoop loop, TaskLoop inquiries, Runnable onChange) {
    this.service = service;
    this.health = health;
    this.loop = loop;
    this.inquiries = inquiries;
    this.onChange = onChange;
  }

  Verdict verdict() {
    return verdict;
  }

  void begin() {
    become(State.WATCHING);
    if (ask(health::watch)) {
      next = loop.after(SILENCE_NANOS, this::silent);
    } else {
      poll();
    }
  }

  private void silent() {
    if (state == State.WATCHING && !answered) {
      poll();
    }
  }

  private void poll() {
    if (state != State.POLLING) {
      become(State.POLLING);
    } else if (!answered) {
      failed("it does not answer");
    }
    next = loop.after(POLL_NANOS, this::poll);
    if (starting) {
      // The program's code still holds the thread; another inquiry would only queue up behind it.
      return;
    }
    if (!ask(health::check)) {
      next.cancel();
      failed("it has neither Watch nor Check");
    }
  }

  /** Starts an inquiry in place of the present one; false if the program has no such method. */
  private boolean ask(BiFunction<String, HealthService.Listener, Inquiry> method) {
    stopAsking();
    long asked = epoch;
    Inquiry started =
        method.apply(
            service,
            new HealthService.Listener() {
              @Override
              public void status(int status) {
                here(asked, () -> take(status));
              }

              @Override
              public void ended(Code code) {
                here(asked, () -> end(code));
              }
            });
    inquiry = started;
    answered = false;
    if (started != null) {
      starting = true;
      inquiries.execute(
          () -> {
            started.start();
            here(asked, () -> starting = false);
          });
    }
    return started != null;
  }

  private void here(long asked, Runnable task) {
    loop.execute(
        () -> {
          if (asked == epoch) {
            task.run();
          }
        });
  }

  private void stopAsking() {
    epoch++;
    Inquiry last = inquiry;
    inquiry = null;
    if (last != null) {
      inquiries.execute(last::cancel);
    }
  }

  private void take(int status) {
    answered = true;
    switch (status) {
      case HealthService.NOT_SERVING:
        become(Verdict.NOT_SERVING);
        break;
      case HealthService.SERVICE_UNKNOWN:
        become(Verdict.ABSENT);
        break;
      case HealthService.SERVING:
        become(Verdict.SERVING);
        break;
      default:
        // UNKNOWN says nothing: what was said before stands.
        become(verdict == Verdict.PENDING ? Verdict.SERVING : verdict);
    }
  }

  private void end(Code code) {
    inquiry = null;
    starting = false;
    if (state == State.WATCHING) {
      next.cancel();
      if (code == Code.NOT_FOUND) {
        become(Verdict.ABSENT);
      }
      poll();
    } else if (code == Code.NOT_FOUND) {
      answered = true;
      become(Verdict.ABSENT);
    } else if (!answered) {
      answered = true;
      failed("it answers " + code);
    }
  }

  /** Trouble with the health service is no reason to take a server out that answers. */
  private void failed(String why) {
    Log.warnOnce(
        "health",
        "the health service of this program can't be asked for '"
            + service
            + "' ("
            + why
            + "), so its services count as SERVING; register.health=false if that is meant to be");
    become(Verdict.SERVING);
  }

  private void become(Verdict now) {
    if (verdict != now) {
      verdict = now;
      onChange.run();
    }
  }

  private void become(State following) {
    if (!loop.isOwn() || !state.next().contains(following)) {
      throw new IllegalStateException("health of " + service + ": " + state + " -> " + following);
    }
    state = following;
  }

  void close() {
    if (state != State.CLOSED) {
      become(State.CLOSED);
      next.cancel();
      stopAsking();
    }
  }
}
