package io.meshagent.core.registry.etcd.connection;

import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.grpc.ManagedChannel;
import io.meshagent.core.config.ServerAddress;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.etcd.access.EtcdSettings;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.client.EtcdOperations.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The one connection to etcd that both machines share: to one member at a time, to the next one
 * when that fails. Thread-safe; never blocks but in {@link #close}, unless reading the files of
 * keys and of the password counts.
 *
 * <p>A channel that failed is thrown away rather than left to gRPC's own reconnecting: that backs
 * off for up to two minutes, and a fresh channel tells within milliseconds whether etcd is back.
 * How often that is tried is the machines' to decide; when to log in, that of {@link LogIns}.
 */
final class EtcdConnection {

  /** Registered for clients of etcd. */
  private static final int CLIENT_PORT = 2379;

  private final EtcdSettings settings;
  private final List<ServerAddress> endpoints;
  private final EtcdChannels channels;
  private final LogIns logIns =
      new LogIns(System::nanoTime, () -> ThreadLocalRandom.current().nextDouble());

  private int turn;
  private boolean closed;

  /** The channel to the present member, without a token; null until it is needed. */
  private EtcdSession opened;

  /** The same with what every request carries; null until that is known. */
  private EtcdSession ready;

  /** Whether a log-in is under way on the present channel. */
  private boolean loggingIn;

  private List<Reply<EtcdSession>> waiting = new ArrayList<>();

  EtcdConnection(EtcdSettings settings) {
    this.settings = settings;
    this.endpoints =
        settings.endpoints().stream().map(EtcdConnection::member).collect(Collectors.toList());
    this.channels = new EtcdChannels(settings.tls());
    this.turn = ThreadLocalRandom.current().nextInt(endpoints.size());
  }

  private static ServerAddress member(String text) {
    ServerAddress member =
        ServerAddress.parse(text.contains("://") ? text : "http://" + text, CLIENT_PORT);
    if (member == null) {
      throw new IllegalArgumentException(
          "'" + text + "' is no etcd endpoint: write http://host:port or https://host:port");
    }
    return member;
  }

  /** Answers with what to send one request on, after logging in if there is a user. */
  void use(Reply<EtcdSession> answer) {
    EtcdSession now = null;
    EtcdFailure refusal = null;
    EtcdSession logIn = null;
    synchronized (this) {
      if (closed) {
        refusal = new EtcdFailure(EtcdFailure.Kind.OTHER, "closed");
      } else if (ready != null) {
        now = ready;
      } else if (loggingIn) {
        waiting.add(answer);
      } else {
        refusal = open();
        if (refusal == null) {
          ready = readyWithoutLogIn();
          now = ready;
        }
        if (refusal == null && now == null) {
          refusal = notYet();
        }
        if (refusal == null && now == null) {
          loggingIn = true;
          logIn = opened;
          waiting.add(answer);
        }
      }
    }
    if (logIn != null) {
      logIn(logIn);
    } else if (now != null || refusal != null) {
      answer.arrived(now, refusal);
    }
  }

  /**
   * Answers with a channel for what etcd does whoever asks, be the log-in under way or not yet due.
   */
  void useUnknown(Reply<EtcdSession> answer) {
    EtcdSession now = null;
    EtcdFailure refusal = null;
    synchronized (this) {
      if (closed) {
        refusal = new EtcdFailure(EtcdFailure.Kind.OTHER, "closed");
      } else if (ready == null) {
        refusal = open();
      }
      now = ready == null ? opened : ready;
    }
    answer.arrived(refusal == null ? now : null, refusal);
  }

  /** Under the lock. Null if there is a channel now. */
  private EtcdFailure open() {
    if (opened != null) {
      return null;
    }
    ServerAddress member = endpoints.get(turn);
    try {
      opened = new EtcdSession(member, channels.open(member), null);
      return null;
    } catch (IOException e) {
      turn = (turn + 1) % endpoints.size();
      return new EtcdFailure(EtcdFailure.Kind.UNTRUSTED, member + ": " + e.getMessage());
    }
  }

  /** Under the lock. Null if there has to be a log-in first. */
  private EtcdSession readyWithoutLogIn() {
    if (settings.user() == null) {
      return opened;
    }
    String token = logIns.token();
    return token == null ? null : new EtcdSession(opened.endpoint(), opened.connection(), token);
  }

  /** Null if a log-in may begin. */
  private EtcdFailure notYet() {
    long wait = logIns.waitNanos();
    if (wait == 0) {
      return null;
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(wait) + 1;
    return new EtcdFailure(
        EtcdFailure.Kind.NOT_YET, opened.endpoint() + ": this program does in " + seconds + " s");
  }

  /** Etcd holds so many keys below a prefix. */
  void counted(String prefix, long keys) {
    logIns.counted(prefix, keys);
  }

  private void logIn(EtcdSession on) {
    AuthenticateRequest who;
    try {
      who =
          AuthenticateRequest.newBuilder()
              .setName(settings.user())
              .setPassword(settings.password().now())
              .build();
    } catch (IOException e) {
      loggedIn(on, null, new EtcdFailure(EtcdFailure.Kind.LOGIN, e.getMessage()));
      return;
    } catch (RuntimeException | Error e) {
      // Those that wait for it would do so for ever.
      loggedIn(on, null, new EtcdFailure(EtcdFailure.Kind.LOGIN, "no log-in was sent: " + e));
      return;
    }
    long began = logIns.begin();
    new OneReply<AuthenticateResponse>(
            (answer, error) -> {
              EtcdFailure failure = EtcdFailures.of(on.endpoint(), error);
              if (failure == null) {
                logIns.succeeded(answer.getToken(), began);
              } else {
                logIns.failed(failure);
              }
              loggedIn(on, answer, failure);
            })
        .from(
            out ->
                AuthGrpc.newStub(on.connection())
                    .withDeadlineAfter(EtcdClient.DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .authenticate(who, out));
  }

  private void loggedIn(EtcdSession on, AuthenticateResponse answer, EtcdFailure failure) {
    boolean asksForNobody = failure != null && EtcdFailures.isAuthOff(failure.why());
    EtcdSession now = null;
    if (asksForNobody) {
      now = on;
      Log.warnOnce(
          "no users " + on.endpoint(),
          "etcd.user is set, but the etcd "
              + on.endpoint()
              + " asks nobody for a user; it is used without one");
    } else if (failure == null) {
      now = new EtcdSession(on.endpoint(), on.connection(), answer.getToken()).worked();
    }
    List<Reply<EtcdSession>> told;
    synchronized (this) {
      if (on != opened) {
        return;
      }
      loggingIn = false;
      if (now == null) {
        opened = null;
        turn = (turn + 1) % endpoints.size();
      }
      ready = now;
      told = waiting;
      waiting = new ArrayList<>();
    }
    if (now == null) {
      on.connection().shutdownNow();
    }
    tell(told, now, now == null ? failure : null);
  }

  /** What one of them makes of it, and be it to throw, is nothing to those behind it. */
  private static void tell(
      List<Reply<EtcdSession>> waiting, EtcdSession session, EtcdFailure failure) {
    for (Reply<EtcdSession> each : waiting) {
      try {
        each.arrived(session, failure);
      } catch (RuntimeException | Error e) {
        Log.debug("a request that waited for etcd's log-in was dropped", e);
      }
    }
  }

  /**
   * The token is no longer valid: the next use logs in again, on the same channel, for a watch that
   * runs on it is none the worse.
   *
   * @param ofAll whether etcd says what it says to all programs at once
   * @return whether that may help
   */
  boolean forgetToken(EtcdSession used, boolean ofAll) {
    if (settings.user() == null) {
      return false;
    }
    synchronized (this) {
      if (used == ready) {
        ready = null;
        // One that was kept from an earlier connection was lost while etcd was away.
        logIns.refused(used.token(), ofAll || !used.hasWorked());
      }
    }
    return true;
  }

  /** The channel does not do: the next use takes another member, if there is one. */
  void failed(EtcdSession used) {
    giveUp(used.connection(), new EtcdFailure(EtcdFailure.Kind.UNREACHABLE, "connecting again"));
  }

  /** The present channel does not do, whichever it is. */
  void failed() {
    ManagedChannel used;
    synchronized (this) {
      used = opened == null ? null : opened.connection();
    }
    if (used != null) {
      giveUp(used, new EtcdFailure(EtcdFailure.Kind.UNREACHABLE, "connecting again"));
    }
  }

  private void giveUp(ManagedChannel old, EtcdFailure failure) {
    List<Reply<EtcdSession>> told = new ArrayList<>();
    synchronized (this) {
      if (opened != null && old == opened.connection()) {
        opened = null;
        ready = null;
        loggingIn = false;
        turn = (turn + 1) % endpoints.size();
        told = waiting;
        waiting = new ArrayList<>();
      }
    }
    old.shutdownNow();
    tell(told, null, failure);
  }

  /** Ends all connections and threads; what is under way fails. */
  void close() {
    ManagedChannel old;
    synchronized (this) {
      closed = true;
      old = opened == null ? null : opened.connection();
    }
    if (old != null) {
      giveUp(old, new EtcdFailure(EtcdFailure.Kind.OTHER, "closed"));
      try {
        boolean unused = old.awaitTermination(500, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    synchronized (this) {
      channels.close();
    }
  }
}
