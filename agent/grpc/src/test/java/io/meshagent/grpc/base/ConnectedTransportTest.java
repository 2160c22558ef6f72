package io.meshagent.grpc.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The fakes have the names of gRPC's own; that they are right is shown by KeepAliveIT. */
class ConnectedTransportTest {

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  @SuppressWarnings("unused") // read by name
  private static final class Manager {
    private final long keepAliveTimeInNanos;
    private final boolean keepAliveDuringTransportIdle;
    private final List<String> told = new ArrayList<>();

    Manager(long nanos, boolean always) {
      // Not a constant, which javac would put wherever it is read.
      this.keepAliveTimeInNanos = nanos;
      this.keepAliveDuringTransportIdle = always;
    }

    synchronized void onDataReceived() {
      told.add("data");
    }

    synchronized void onTransportIdle() {
      told.add("idle");
    }

    synchronized void onTransportTermination() {
      told.add("end");
    }
  }

  @SuppressWarnings("unused") // read by name
  private static final class OkHttpClientTransport {
    private final Manager keepAliveManager;
    private final int maxConcurrentStreams;

    OkHttpClientTransport(Manager manager, int streams) {
      keepAliveManager = manager;
      maxConcurrentStreams = streams;
    }
  }

  @SuppressWarnings("unused") // read by name
  private static final class Wrapper {
    private final Object delegate;
    private final Object activeTransport = this;
    private final Object subchannel = this;

    Wrapper(Object inner) {
      delegate = inner;
    }
  }

  private static ConnectedTransport of(Manager manager, int streams) {
    return ConnectedTransport.of(
        new Wrapper(new Wrapper(new OkHttpClientTransport(manager, streams))));
  }

  @Test
  void a_keep_alive_that_is_permitted_is_left_as_it_is() {
    Manager rare = new Manager(5 * MINUTE, false);
    assertThat(of(rare, 1).keepTo(5 * MINUTE, false)).isTrue();
    Manager idle = new Manager(MINUTE, true);
    assertThat(of(idle, 1).keepTo(MINUTE, true)).isTrue();
    assertThat(of(null, 1).keepTo(5 * MINUTE, false)).as("there is none").isTrue();

    assertThat(rare.told).isEmpty();
    assertThat(idle.told).isEmpty();
    assertThat(rare.keepAliveTimeInNanos).isEqualTo(5 * MINUTE);
    assertThat(idle.keepAliveTimeInNanos).isEqualTo(MINUTE);
  }

  @Test
  void one_that_is_too_much_becomes_what_is_permitted_and_a_little_slower() {
    Manager manager = new Manager(MINUTE / 6, true);

    assertThat(of(manager, 1).keepTo(5 * MINUTE, false)).isTrue();

    assertThat(manager.keepAliveTimeInNanos).isBetween(5 * MINUTE + 1, 6 * MINUTE);
    assertThat(manager.keepAliveDuringTransportIdle).isFalse();
    assertThat(manager.told).containsExactly("data", "idle");
  }

  @Test
  void only_what_is_too_much_changes() {
    Manager often = new Manager(MINUTE / 6, true);
    assertThat(of(often, 1).keepTo(MINUTE, true)).isTrue();
    assertThat(often.keepAliveDuringTransportIdle).isTrue();
    assertThat(often.told).containsExactly("data");

    Manager idle = new Manager(MINUTE, true);
    assertThat(of(idle, 1).keepTo(MINUTE, false)).isTrue();
    assertThat(idle.keepAliveTimeInNanos).isEqualTo(MINUTE);
    assertThat(idle.keepAliveDuringTransportIdle).isFalse();
  }

  @Test
  void the_limit_of_streams_is_what_the_peer_has_said() {
    assertThat(of(null, 100).mostStreams()).isEqualTo(100);
    assertThat(of(null, Integer.MAX_VALUE).mostStreams()).as("none").isZero();
    assertThat(of(null, 0).mostStreams()).as("for the moment: as none").isZero();
    assertThat(ConnectedTransport.of(new Object()).mostStreams()).as("not known").isZero();
    assertThat(ConnectedTransport.of(new Object()).keepTo(MINUTE, false)).isTrue();
  }
}
