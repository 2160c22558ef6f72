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
 * How often that is tried is the machines' to decide.
 */
final class EtcdConnection {

  /** Registered for clients of etcd. */
  private static final int CLIENT_PORT = 2379;

  private final EtcdSettings settings;
  private final List<ServerAddress> endpoints;
  private final EtcdChannels channels;

  private int turn;
  private boolean closed;

  /** The channel to the present member; null until it is needed. */
  private ManagedChannel channel;

  /** The same with what every request carries; null until that is known. */
  private EtcdSession ready;

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
      } else if (channel != null) {
        waiting.add(answer);
      } else {
        ServerAddress member = endpoints.get(turn);
        try {
          ManagedChannel fresh = channels.open(member);
          EtcdSession opened = new EtcdSession(member, fresh, null);
          channel = fresh;
          if (settings.user() == null) {
            ready = opened;
            now = opened;
          } else {
            logIn = opened;
            waiting.add(answer);
          }
        } catch (IOException e) {
          turn = (turn + 1) % endpoints.size();
          refusal = new EtcdFailure(EtcdFailure.Kind.UNTRUSTED, member + ": " + e.getMessage());
        }
      }
    }
    if (logIn != null) {
      logIn(logIn);
    } else if (now != null || refusal != null) {
      answer.arrived(now, refusal);
    }
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
    new OneReply<AuthenticateResponse>(
            (answer, error) -> loggedIn(on, answer, EtcdFailures.of(on.endpoint(), error)))
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
      now = new EtcdSession(on.endpoint(), on.connection(), answer.getToken());
    }
    List<Reply<EtcdSession>> told;
    synchronized (this) {
      if (on.connection() != channel) {
        return;
      }
      if (now == null) {
        channel = null;
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
   * @return whether that may help
   */
  boolean forgetToken(EtcdSession used) {
    if (settings.user() == null) {
      return false;
    }
    synchronized (this) {
      if (used != ready) {
        return true;
      }
      ready = null;
    }
    logIn(used);
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
      used = channel;
    }
    if (used != null) {
      giveUp(used, new EtcdFailure(EtcdFailure.Kind.UNREACHABLE, "connecting again"));
    }
  }

  private void giveUp(ManagedChannel old, EtcdFailure failure) {
    List<Reply<EtcdSession>> told = new ArrayList<>();
    synchronized (this) {
      if (old == channel) {
        channel = null;
        ready = null;
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
      old = channel;
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
